//! Stages are ordinary functions: they call one another, and tests call them with a lent carrier.

use std::sync::atomic::{AtomicI64, Ordering};

use waterhealer::prelude::*;
use waterhealer::testing;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    pub fn price(order: i64) -> i64 {
        order * 2
    }
    #[map(from = price)]
    pub fn doubled(price_: Tracked<i64>) -> Tracked<i64> {
        price_.map(price)
    }
    #[map(from = doubled)]
    pub async fn late(price: Tracked<i64>) -> Result<Tracked<i64>, String> {
        tokio::task::yield_now().await;
        Ok(doubled(price))
    }
    #[sink(from = late)]
    pub fn store(price: Tracked<i64>, seen: &AtomicI64) -> Done {
        seen.store(*price, Ordering::Relaxed);
        price.done()
    }
}

fn main() {
    assert_eq!(shop::price(21), 42);
    assert_eq!(testing::with(21, |x| *shop::doubled(x).value()), 42);
    let seen = AtomicI64::new(0);
    testing::with(7, |x| {
        let _receipt = shop::store(x, &seen);
    });
    assert_eq!(seen.load(Ordering::Relaxed), 7);
    assert_eq!(testing::with(0, |x| x.position().offset), 0);
}
