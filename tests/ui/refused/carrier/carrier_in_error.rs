//! Leak: the carrier goes away in the error.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Result<Done, Tracked<i64>> {
        if *order > 0 {
            Ok(order.done())
        } else {
            Err(order)
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
