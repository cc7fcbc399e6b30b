//! Leak: a test helper lends a carrier, and its receipt is answered for the record.

use waterhealer::prelude::*;
use waterhealer::testing;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        testing::with(*order, |made| made.done())
    }
}

fn main() -> ExitCode {
    shop::main()
}
