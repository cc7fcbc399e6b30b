//! Work that may be lost, with the reason.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, detached = "only warms the cache, which is asked again")]
    fn price(order: i64, background: &tokio::runtime::Runtime) -> i64 {
        background.spawn(async move { assert!(order > 0) });
        order * 2
    }
    #[sink(from = price, on_error = skip, detached = "a ping: the next record sends another")]
    async fn store(price: i64) -> Result<(), std::io::Error> {
        std::thread::spawn(move || assert!(price > 0));
        drop(tokio::spawn(async move { assert!(price > 0) }));
        Ok(())
    }
}

fn main() {
    let background = tokio::runtime::Runtime::new().unwrap();
    let _pipeline = shop::pipeline(shop::Resources { background });
}
