//! Leak: a pipeline in which no record is ever finished.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64) -> i64 {
        order * 2
    }
}

fn main() -> ExitCode {
    shop::main()
}
