//! Mistake: the excuse stands on a node that throws no work away, and not on the one that does.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, detached = "only warms the cache")]
    fn price(order: i64) -> i64 {
        order * 2
    }
    #[sink(from = price)]
    async fn store(price: i64) {
        tokio::spawn(async move { assert!(price > 0) });
    }
}

fn main() -> ExitCode {
    shop::main()
}
