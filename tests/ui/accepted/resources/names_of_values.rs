//! A value may have the name of a node, a resource that of a helper, a type or a local name.

use std::sync::atomic::{AtomicI64, Ordering};

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64, rates: &i64) -> i64 {
        let price = order * rates;
        price + helper(1)
    }
    #[sink(from = price)]
    fn store(price: i64, helper: &i64, stored: &AtomicI64) {
        stored.store(price + helper, Ordering::Relaxed);
    }
    fn helper(price: i64) -> i64 {
        price
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        rates: 2,
        helper: 1,
        stored: AtomicI64::new(0),
    });
}
