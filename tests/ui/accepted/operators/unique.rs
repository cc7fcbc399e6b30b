//! No value twice, by a key.

use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[sink(from = order.unique(history = 10, key = |x| x % 2))]
    fn store(x: i64, seen: &Arc<Mutex<Vec<i64>>>) {
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
        for x in [1, 2, 3, 4] {
            handle.emit(x).await.unwrap();
        }
    };
    pipeline.run_until(emit).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [1, 2]);
}
