//! Leak: the carrier is kept from being dropped; nothing but `unsafe` gets it out again.

use std::mem::ManuallyDrop;

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
        let kept = ManuallyDrop::new(order);
        kept.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
