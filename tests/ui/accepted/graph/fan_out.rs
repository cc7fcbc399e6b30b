//! One node, several that take from it: the value is `Clone`, or shared.

use std::sync::Arc;

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
    fn price(order: i64) -> i64 {
        order * 2
    }

    #[map(from = price)]
    fn shared(price: i64) -> Arc<Heavy> {
        Arc::new(Heavy { cents: price })
    }
    #[sink(from = shared)]
    fn store(heavy: Arc<Heavy>) {
        assert!(heavy.cents > 0);
    }
    #[sink(from = shared)]
    async fn report(heavy: Arc<Heavy>) {
        assert!(heavy.cents > 0);
    }
    #[sink(from = shared)]
    fn count(heavy: &Arc<Heavy>) {
        assert!(heavy.cents > 0);
    }
    #[sink(from = price)]
    fn audit(price: i64) {
        assert!(price > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
