//! Each value with the latest of the other.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }
    #[source(emit)]
    fn other(x: char) -> char {
        x
    }

    #[sink(from = order.zip_latest(other))]
    fn store(x: (i64, char), seen: &Arc<Mutex<Vec<(i64, char)>>>) {
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
        let emits = async {
            tokio::join!(
                handle.emit(shop::Emit::order(1)),
                handle.emit(shop::Emit::order(2)),
                handle.emit(shop::Emit::other('a'))
            )
        };
        // What is held is not finished, and so not emitted to the end.
        let _held = tokio::time::timeout(Duration::from_millis(200), emits).await;
    };
    let _report = pipeline.run_until(emit).await;
    assert_eq!(*seen.lock().unwrap(), [(1, 'a'), (2, 'a')]);
}
