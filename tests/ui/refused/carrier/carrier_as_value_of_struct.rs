//! Leak: a carrier in a struct, as the value of a stage.

use waterhealer::prelude::*;

/// A carrier in other clothes.
pub struct Wrapped {
    order: Tracked<'static, i64>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Wrapped) {
        drop(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
