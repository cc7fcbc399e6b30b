//! A crate that forbids `unsafe`, and much else.
#![forbid(unsafe_code, unused_must_use, non_ascii_idents, unstable_features)]

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(order: Tracked<i64>) -> Tracked<i64> {
        order
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
