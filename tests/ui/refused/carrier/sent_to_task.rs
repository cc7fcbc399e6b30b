//! Leak: the carrier is sent to a spawned task, which outlives the call when the stage is cancelled.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: Tracked<i64>) -> Done {
        tokio::spawn(async move { order.done() }).await.unwrap()
    }
}

fn main() -> ExitCode {
    shop::main()
}
