//! A `select!` over work that only borrows the carrier, so that the loser loses nothing.

use waterhealer::prelude::*;

async fn insert(row: &i64) {
    tokio::task::yield_now().await;
    assert!(*row > 0);
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: Tracked<i64>) -> Result<Done, String> {
        tokio::select! {
            biased;
            () = insert(&order) => Ok(order.done()),
            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => Err("too slow".to_owned()),
        }
    }
    #[sink(from = order)]
    async fn report(order: Tracked<i64>) -> Result<Done, tokio::time::error::Elapsed> {
        tokio::time::timeout(std::time::Duration::from_secs(1), insert(&order)).await?;
        Ok(order.done())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
