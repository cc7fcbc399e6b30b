//! In front of what waits.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.buffer(100))]
    async fn price(x: i64) -> i64 {
        x
    }
    #[sink(from = price.latest(), concurrency = 4)]
    async fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
