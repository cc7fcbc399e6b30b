//! Leak: one branch answers this record's receipt, the other one another record's.

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
        testing::with(0, |other| {
            if *order > 0 {
                order.done()
            } else {
                other.done()
            }
        })
    }
}

fn main() -> ExitCode {
    shop::main()
}
