//! Leak: the carrier is taken out of the reference that lends it.

use waterhealer::prelude::*;

fn finish<T>(order: Tracked<'_, T>) {
    drop(order.done())
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: &Tracked<i64>) {
        finish(*order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
