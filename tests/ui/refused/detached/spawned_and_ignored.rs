//! Leak: a task is spawned and its handle ignored by name.

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
        let _ = tokio::spawn(async move { assert!(order > 0) });
        let _job = std::thread::spawn(move || assert!(order > 0));
    }
}

fn main() -> ExitCode {
    shop::main()
}
