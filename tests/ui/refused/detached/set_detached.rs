//! Leak: a set of tasks is told to let go of them.

use tokio::task::JoinSet;
use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: i64) {
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { assert!(order > 0) });
        tasks.detach_all();
    }
}

fn main() -> ExitCode {
    shop::main()
}
