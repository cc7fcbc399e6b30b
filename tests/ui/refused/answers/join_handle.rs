//! Leak: a sink answers the handle of a task, and the record is finished before the task is.

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
    fn store(order: i64) -> JoinHandle<()> {
        tokio::spawn(async move { assert!(order > 0) })
    }
}

fn main() -> ExitCode {
    shop::main()
}
