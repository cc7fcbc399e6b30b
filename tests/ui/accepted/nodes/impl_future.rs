//! Functions that answer a future by name are async nodes.

use std::sync::atomic::{AtomicI64, Ordering};

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, concurrency = 3)]
    fn price(order: i64) -> impl Future<Output = Result<i64, String>> + Send {
        async move {
            if order > 0 {
                Ok(order)
            } else {
                Err("zero".to_owned())
            }
        }
    }
    #[map(from = price)]
    fn carried(price: Tracked<i64>) -> impl Future<Output = Tracked<i64>> + Send {
        async move { price }
    }
    #[sink(from = carried)]
    fn store(price: i64, seen: &AtomicI64) -> impl Future<Output = ()> + Send {
        async move {
            seen.store(price, Ordering::Relaxed);
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        seen: AtomicI64::new(0),
    });
}
