//! Two sources in one pipeline, one by hand.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(emit)]
    fn correction(amount: i64) -> i64 {
        amount
    }
    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order > 0);
    }
    #[sink(from = correction.union(order))]
    async fn audit(amount: i64) {
        assert!(amount != 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
