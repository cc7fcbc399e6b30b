//! Mistake: a sink gives a value, and nothing takes it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) -> bool {
        order > 0
    }
}

fn main() -> ExitCode {
    shop::main()
}
