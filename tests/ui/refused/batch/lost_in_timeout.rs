//! Leak: a timeout drops the future that holds the batch, and the error is turned into success.

use std::time::Duration;

use tokio::time::timeout;

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
    async fn store(rows: Batch<i64>) -> Result<Done, String> {
        match timeout(Duration::from_secs(1), finish(rows)).await {
            Ok(receipt) => Ok(receipt),
            Err(_) => Ok(()),
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
