//! Leak: handles of tasks and threads are given to `drop` and `forget`.

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
        drop(tokio::spawn(async move { assert!(order > 0) }));
        std::mem::drop(std::thread::spawn(move || assert!(order > 0)));
        std::mem::forget(tokio::task::spawn_blocking(move || assert!(order > 0)));
    }
}

fn main() -> ExitCode {
    shop::main()
}
