//! The branches of one source pair by record; texts and numbers are put in as they are.

use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[filter(from = order)]
    fn even(x: &i64) -> bool {
        x % 2 == 0
    }
    #[map(from = even)]
    fn left(x: i64) -> i64 {
        x + 1
    }
    #[sink(from = left.zip("is more than", order, -1))]
    fn store(
        x: (i64, &'static str, i64, i32),
        seen: &Arc<Mutex<Vec<(i64, &'static str, i64, i32)>>>,
    ) {
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
    assert_eq!(
        *seen.lock().unwrap(),
        [(3, "is more than", 2, -1), (5, "is more than", 4, -1)]
    );
}
