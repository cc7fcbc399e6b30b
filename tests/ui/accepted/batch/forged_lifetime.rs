//! One `unsafe` block forges a lifetime, and no type can see it: the serial in the receipt does, when it runs, and halts.

use waterhealer::{ErrorKind, testing};

use waterhealer::prelude::*;

fn forge<'other>(receipt: Done<'_>) -> Done<'other> {
    // SAFETY: none is meant; only the lifetime changes, which is what a defect of the compiler would do, too.
    unsafe { std::mem::transmute::<Done<'_>, Done<'other>>(receipt) }
}

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[sink(from = order.partition(1))]
    fn store(rows: Batch<i64>) -> Done {
        drop(rows);
        testing::with_batch(vec![0], |made| forge(made.done()))
    }
}

#[tokio::main]
async fn main() {
    let pipeline = shop::pipeline();
    let handle = pipeline.handle();
    let emit = async {
        assert!(handle.emit(1).await.is_err());
    };
    let error = pipeline.run_until(emit).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Halted { stage: "store", .. }),
        "{error}"
    );
    assert!(error.to_string().contains("another record"), "{error}");
}
