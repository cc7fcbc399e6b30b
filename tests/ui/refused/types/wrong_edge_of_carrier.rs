//! Mistake: a carrier of another type than its `from` gives.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<String>) -> Done {
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
