//! Leak: the branch of a `select!` that loses takes the batch with it.

use std::time::Duration;

use waterhealer::prelude::*;

async fn finish<T>(rows: Batch<'_, T>) -> Done<'_> {
    rows.done()
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    async fn store(rows: Batch<i64>) -> Done {
        tokio::select! {
            receipt = finish(rows) => receipt,
            () = tokio::time::sleep(Duration::from_secs(1)) => rows.done(),
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
