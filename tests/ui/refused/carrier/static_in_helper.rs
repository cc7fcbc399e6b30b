//! Leak: a helper that demands a carrier for ever.

use waterhealer::prelude::*;

fn keep(order: Tracked<'static, i64>) -> Done<'static> {
    order.done()
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        keep(order)
    }
}

fn main() -> ExitCode {
    shop::main()
}
