//! Leak: the batch is sent to a task, which may outlive the call.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    async fn store(rows: Batch<i64>) -> Done {
        tokio::spawn(async move { rows.done() }).await.unwrap()
    }
}

fn main() -> ExitCode {
    shop::main()
}
