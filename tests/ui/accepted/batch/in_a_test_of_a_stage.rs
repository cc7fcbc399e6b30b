//! A stage over a batch stays a function, which a test lends one.

use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[map(from = order.partition(2))]
    pub fn price(rows: Batch<i64>) -> Batch<i64> {
        rows.map(|row| row * 10)
    }
    #[sink(from = price)]
    fn store(rows: Vec<i64>, seen: &Arc<Mutex<Vec<i64>>>) {
        waterhealer::testing::with_batch(rows, |rows| {
            seen.lock().unwrap().extend(&super::shop::price(rows)[..]);
        });
    }
}

#[tokio::main]
async fn main() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let pipeline = shop::pipeline(shop::Resources {
        seen: Arc::clone(&seen),
    });
    let handle = pipeline.handle();
    let emit = async {
        let (a, b) = tokio::join!(handle.emit(1), handle.emit(2));
        let (c, d) = tokio::join!(handle.emit(3), handle.emit(4));
        for emitted in [a, b, c, d] {
            emitted.unwrap();
        }
    };
    pipeline.run_until(emit).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [100, 200, 300, 400]);
}
