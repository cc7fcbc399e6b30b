//! One batch for a sink over rows, one over a list, one row by row.

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
    fn price(rows: Batch<i64>) -> Batch<i64> {
        rows
    }
    #[sink(from = price)]
    fn whole(rows: Batch<i64>) -> Done {
        assert_eq!(rows.len(), 2);
        rows.done()
    }
    #[sink(from = price)]
    fn list(rows: &Vec<i64>) {
        assert_eq!(rows.len(), 2);
    }
    #[sink(from = price.flatten())]
    fn store(row: i64, seen: &Arc<Mutex<Vec<i64>>>) {
        seen.lock().unwrap().push(row);
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
    assert_eq!(*seen.lock().unwrap(), [1, 2, 3, 4]);
}
