//! Mistake: an error type of a sink that is no error.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) -> Result<(), i64> {
        Err(order)
    }
}

fn main() -> ExitCode {
    shop::main()
}
