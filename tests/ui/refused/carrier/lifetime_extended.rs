//! Leak: a helper that answers a carrier of any record its caller likes.

use waterhealer::prelude::*;

fn extend<'long, T>(order: Tracked<'_, T>) -> Tracked<'long, T> {
    order
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
        extend(order).done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
