//! Leak: a sink answers the carrier, so the record is not finished.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Tracked<i64> {
        order
    }
}

fn main() -> ExitCode {
    shop::main()
}
