//! Async nodes that hold the carrier across `await`, with resources, and hand it back.

use waterhealer::prelude::*;

/// Asked over the network.
pub struct Rates;
impl Rates {
    async fn add(&self, more: i64) -> i64 {
        tokio::task::yield_now().await;
        more
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, concurrency = 4)]
    async fn price(mut order: Tracked<i64>, rates: &Rates) -> Tracked<i64> {
        *order.value_mut() += rates.add(1).await;
        tokio::task::yield_now().await;
        order
    }
    #[filter(from = price)]
    async fn large(price: &Tracked<i64>, rates: &Rates) -> bool {
        rates.add(**price).await > 10
    }
    #[flat_map(from = large)]
    async fn parts(price: Tracked<i64>) -> Tracked<Vec<i64>> {
        price.map(|price| vec![price])
    }
    #[sink(from = parts)]
    async fn look(part: &Tracked<i64>) {
        tokio::task::yield_now().await;
        assert!(part.position().offset >= 0);
    }
    #[sink(from = parts)]
    async fn store(part: Tracked<i64>, rates: &Rates) -> Done {
        assert!(rates.add(*part).await > 0);
        part.done()
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { rates: Rates });
}
