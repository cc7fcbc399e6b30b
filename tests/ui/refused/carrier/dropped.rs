//! Leak: the carrier is dropped, and nothing is left to answer with.

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
        drop(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
