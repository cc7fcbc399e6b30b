//! Mistake: an excuse for detached work has stayed behind after the work is awaited.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, detached = "only warms the cache")]
    async fn store(order: i64) {
        assert!(tokio::spawn(async move { order > 0 }).await.is_ok());
    }
}

fn main() -> ExitCode {
    shop::main()
}
