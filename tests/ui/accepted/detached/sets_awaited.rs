//! Sets of tasks that are waited for here, in a helper, or by who is asked for them.

use tokio::task::JoinSet;

use waterhealer::prelude::*;

async fn all_of(mut tasks: JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(order: i64) -> i64 {
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { order * 2 });
        tasks.spawn_blocking(move || order * 3);
        tasks.join_all().await.into_iter().sum()
    }
    #[sink(from = price)]
    async fn store(price: i64) -> Result<(), tokio::task::JoinError> {
        let mut tasks: JoinSet<()> = JoinSet::new();
        if price > 0 {
            tasks.spawn(async move { assert!(price > 0) });
        }
        while let Some(done) = tasks.join_next().await {
            done?;
        }
        Ok(())
    }
    #[sink(from = price)]
    async fn report(price: i64) {
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { assert!(price > 0) });
        all_of(tasks).await;
    }
    #[sink(from = price)]
    async fn first_of_two(price: i64) {
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { price * 2 });
        tasks.spawn(async move { price * 3 });
        tasks.join_next().await;
        tasks.shutdown().await;
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
