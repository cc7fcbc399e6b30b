//! Leak: the carrier leaves the stage as the payload of a panic.

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
        std::panic::panic_any(order)
    }
}

fn main() -> ExitCode {
    shop::main()
}
