//! Leak: a task is spawned on a runtime of the user's, and its handle thrown away.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, background: &tokio::runtime::Handle) {
        background.spawn(async move { assert!(order > 0) });
    }
}

fn main() -> ExitCode {
    let background = tokio::runtime::Handle::current();
    shop::main(shop::Resources { background })
}
