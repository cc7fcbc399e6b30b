//! A value that is not `Clone` may flow where it goes to one node only.

use waterhealer::prelude::*;

/// Not `Clone`.
pub struct Heavy {
    cents: i64,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn heavy(order: i64) -> Heavy {
        Heavy { cents: order }
    }
    #[filter(from = heavy)]
    async fn large(heavy: &Heavy) -> bool {
        heavy.cents > 10
    }
    #[sink(from = large)]
    async fn store(heavy: Heavy) {
        assert!(heavy.cents > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
