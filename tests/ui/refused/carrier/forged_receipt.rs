//! Leak: a receipt is made from nothing.

use std::marker::PhantomData;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        assert!(*order > 0);
        Done {
            serial: (0, 0),
            rows: None,
            brand: PhantomData,
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
