//! Work on other tasks and threads that is waited for.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(order: i64) -> Result<i64, tokio::task::JoinError> {
        tokio::spawn(async move { order * 2 }).await
    }
    #[sink(from = price)]
    async fn store(price: i64) -> Result<(), tokio::task::JoinError> {
        let first = tokio::spawn(async move { assert!(price > 0) });
        let second = tokio::task::spawn_blocking(move || assert!(price < 100));
        first.await?;
        second.await
    }
    #[sink(from = price)]
    fn report(price: i64) {
        let thread = std::thread::spawn(move || price > 0);
        assert!(thread.join().is_ok());
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
