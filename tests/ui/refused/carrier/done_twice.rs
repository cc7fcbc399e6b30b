//! Leak: one carrier gives two receipts, one for another record.

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
        let (kept, answered) = (order.done(), order.done());
        drop(kept);
        answered
    }
}

fn main() -> ExitCode {
    shop::main()
}
