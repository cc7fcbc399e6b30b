//! The seeds' running total, as it goes; the value that fails leaves the state as it was.

use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[accumulate(from = order, start = 0, on_error = skip)]
    fn total(total: i64, x: i64) -> Result<i64, String> {
        match x {
            0 => Err("nothing".to_owned()),
            x => Ok(total + x),
        }
    }

    #[sink(from = total)]
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
        for x in [1, 2, 0, 3] {
            handle.emit(x).await.unwrap();
        }
    };
    pipeline.run_until(emit).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [1, 3, 6]);
}
