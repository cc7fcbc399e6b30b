//! Leak: a sink answers an `Option`, which says nothing about the record.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) -> Option<()> {
        (order > 0).then_some(())
    }
}

fn main() -> ExitCode {
    shop::main()
}
