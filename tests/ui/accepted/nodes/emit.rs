//! A pipeline that is fed by hand, and run to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn number(number: u64) -> u64 {
        number + 1
    }
    #[sink(from = number)]
    fn store(number: u64, total: &Arc<AtomicU64>) {
        total.fetch_add(number, Ordering::Relaxed);
    }
}

#[tokio::main]
async fn main() {
    let total = Arc::new(AtomicU64::new(0));
    let pipeline = shop::pipeline(shop::Resources {
        total: Arc::clone(&total),
    });
    let handle = pipeline.handle();
    let emit = async {
        for number in 1..=3 {
            handle.emit(number).await.unwrap();
        }
        handle.emit(shop::Emit::number(4)).await.unwrap();
    };
    let report = pipeline.run_until(emit).await.unwrap();
    assert_eq!((report.finished, total.load(Ordering::Relaxed)), (4, 14));
}
