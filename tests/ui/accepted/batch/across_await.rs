//! The values are taken out for a call in bulk that is awaited, and put back.

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
    async fn price(rows: Batch<i64>) -> Result<Batch<i64>, std::io::Error> {
        let (values, rows) = rows.take();
        tokio::task::yield_now().await;
        Ok(rows.put(values.into_iter().map(|value| value * 10).collect()))
    }
    #[sink(from = price)]
    async fn store(rows: Batch<i64>, seen: &Arc<Mutex<Vec<i64>>>) -> Done {
        tokio::task::yield_now().await;
        seen.lock().unwrap().extend_from_slice(&rows);
        rows.done()
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
    assert_eq!(*seen.lock().unwrap(), [10, 20, 30, 40]);
}
