//! So many values become one batch.

use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[sink(from = order.partition(2))]
    fn store(x: Vec<i64>, seen: &Arc<Mutex<Vec<Vec<i64>>>>) {
        seen.lock().unwrap().push(x);
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
        let (a, b, c, d) = tokio::join!(
            handle.emit(1),
            handle.emit(2),
            handle.emit(3),
            handle.emit(4)
        );
        for emitted in [a, b, c, d] {
            emitted.unwrap();
        }
    };
    pipeline.run_until(emit).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [[1, 2], [3, 4]]);
}
