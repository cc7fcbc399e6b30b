//! Leak: an early `return` leaves without the receipt.

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
        if *order == 0 {
            return;
        }
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
