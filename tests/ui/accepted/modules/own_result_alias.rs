//! A `Result` with one argument, as most crates have one.

use waterhealer::prelude::*;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64) -> Result<i64> {
        Ok(order)
    }
    #[map(from = price)]
    async fn late(price: Tracked<i64>) -> Result<Tracked<i64>> {
        Ok(price)
    }
    #[sink(from = late)]
    async fn store(price: i64) -> Result<()> {
        if price > 0 {
            Ok(())
        } else {
            Err("zero".into())
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
