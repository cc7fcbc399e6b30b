//! A function for one row, over all of a batch: one after another, and together.

use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[foreach_map(from = order.partition(2))]
    fn price(row: i64) -> i64 {
        row * 10
    }
    #[foreach_async(from = price)]
    async fn tax(row: i64) -> Result<i64, std::io::Error> {
        tokio::task::yield_now().await;
        Ok(row + 1)
    }
    #[sink(from = tax)]
    fn store(rows: Vec<i64>, seen: &Arc<Mutex<Vec<i64>>>) {
        seen.lock().unwrap().extend(rows);
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
    assert_eq!(*seen.lock().unwrap(), [11, 21, 31, 41]);
}
