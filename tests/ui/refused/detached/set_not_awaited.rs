//! Leak: a set of tasks is filled and dropped, which ends them.

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
        let mut tasks = tokio::task::JoinSet::new();
        for part in 0..order {
            tasks.spawn(async move { assert!(part < order) });
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
