//! Resources of many kinds, shared by sync and async nodes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

/// Writes rows.
pub trait Writer: Send + Sync {
    /// Writes one.
    fn write(&self, row: i64);
}
impl Writer for Mutex<Vec<i64>> {
    fn write(&self, row: i64) {
        self.lock().unwrap().push(row);
    }
}
/// Generic.
pub struct Cache<T, const N: usize> {
    inner: T,
}
fn same(price: i64) -> i64 {
    price
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64, rates: &HashMap<i64, i64>, fee: &i64, label: &String) -> i64 {
        rates.get(&order).copied().unwrap_or(*fee) + label.len() as i64
    }
    #[map(from = price)]
    async fn convert(
        price: i64,
        exchange: &Box<dyn Fn(i64) -> i64 + Send + Sync>,
        plain: &fn(i64) -> i64,
    ) -> i64 {
        plain(exchange(price))
    }
    #[filter(from = convert)]
    fn large(price: &i64, limit: &(i64, i64), fee: &i64) -> bool {
        *price > limit.0 + limit.1 + fee
    }
    #[sink(from = large)]
    async fn store(
        price: Tracked<i64>,
        db: &Arc<dyn Writer>,
        cache: &Cache<Mutex<Vec<i64>>, 4>,
    ) -> Done {
        db.write(*price);
        cache.inner.lock().unwrap().push(*price);
        price.done()
    }
    #[sink(from = large)]
    fn count(
        price: i64,
        seen: &AtomicI64,
        queue: &tokio::sync::mpsc::Sender<i64>,
    ) -> Result<(), tokio::sync::mpsc::error::TrySendError<i64>> {
        seen.fetch_add(1, Ordering::Relaxed);
        queue.try_send(price)
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        rates: HashMap::new(),
        fee: 1,
        label: "x".to_owned(),
        exchange: Box::new(|price| price + 1),
        plain: same,
        limit: (1, 2),
        db: Arc::new(Mutex::new(Vec::new())),
        cache: Cache {
            inner: Mutex::default(),
        },
        seen: AtomicI64::new(0),
        queue: tokio::sync::mpsc::channel(1).0,
    });
}
