//! Handles that are kept, chosen, passed on and awaited; work of helpers; words in a text.

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
        let double = tokio::spawn(async move { order * 2 });
        let jobs = vec![double, tokio::spawn(async move { order * 3 })];
        let mut sum = 0;
        for job in jobs {
            sum += job.await?;
        }
        let job = if sum > 0 {
            tokio::spawn(async move { sum })
        } else {
            tokio::spawn(async move { 0 })
        };
        job.await
    }
    #[sink(from = price)]
    async fn store(price: i64) -> Result<(), tokio::task::JoinError> {
        let (first, second) = tokio::join!(
            tokio::spawn(async move { assert!(price > 0) }),
            tokio::task::spawn_blocking(move || assert!(price < 100)),
        );
        first.and(second)
    }
    #[sink(from = price)]
    fn report(price: i64) {
        fn helper(price: i64) -> std::thread::JoinHandle<bool> {
            std::thread::spawn(move || price > 0)
        }
        assert!(helper(price).join().is_ok(), "thread::spawn(|| lost);");
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(price > 0));
        });
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
