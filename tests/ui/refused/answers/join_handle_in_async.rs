//! Leak: an async sink answers the handle of a task in a `Result`.

use tokio::task::JoinHandle;
use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: i64) -> Result<JoinHandle<()>, String> {
        Ok(tokio::spawn(async move { assert!(order > 0) }))
    }
}

fn main() -> ExitCode {
    shop::main()
}
