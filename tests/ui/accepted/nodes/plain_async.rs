//! Every kind of node that may wait, async, with many calls at once.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, concurrency = 8)]
    async fn price(order: i64) -> i64 {
        tokio::task::yield_now().await;
        order * 2
    }
    #[filter(from = price, concurrency = 2)]
    async fn large(price: &i64) -> bool {
        tokio::task::yield_now().await;
        *price > 10
    }
    #[flat_map(from = large)]
    async fn parts(price: i64) -> Vec<i64> {
        tokio::task::yield_now().await;
        vec![price; 2]
    }
    #[sink(from = parts, concurrency = 64)]
    async fn store(part: i64) {
        tokio::task::yield_now().await;
        assert!(part > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
