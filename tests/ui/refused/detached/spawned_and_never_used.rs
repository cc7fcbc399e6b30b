//! Leak: handles are given a name, a type too, and never used.

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
        let _job: tokio::task::JoinHandle<_> = tokio::spawn(async move { assert!(order > 0) });
        let mut _thread: Option<std::thread::JoinHandle<()>>;
        let job = std::thread::spawn(move || assert!(order > 0));
        let late = tokio::spawn(async move { assert!(order > 0) });
        drop(late);
    }
}

fn main() -> ExitCode {
    shop::main()
}
