//! Leak: a timeout drops the future that holds the carrier, and the error is turned into success.

use std::time::Duration;

use tokio::time::timeout;
use waterhealer::prelude::*;

async fn finish<T>(order: Tracked<'_, T>) -> Done<'_> {
    order.done()
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: Tracked<i64>) -> Result<Done, String> {
        match timeout(Duration::from_secs(1), finish(order)).await {
            Ok(receipt) => Ok(receipt),
            Err(_) => Ok(()),
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
