//! Leak: an async stage of the user's own carries a receipt out, by the hidden trait.

use std::sync::{Arc, Mutex};

use waterhealer::__private::{AsyncStage, Brand, Sealed};
use waterhealer::prelude::*;

/// Puts a receipt by.
pub struct Thief(Arc<Mutex<Option<Done<'static>>>>);

impl AsyncStage for Thief {
    type In = i64;
    type Value = ();

    async fn call<'record>(
        self,
        brand: Brand<'record>,
        carrier: Tracked<'record, i64>,
    ) -> Sealed<()> {
        *self.0.lock().unwrap() = Some(carrier.done());
        drop(brand);
        std::future::pending().await
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
