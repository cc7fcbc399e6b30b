//! Mistake: a value without a size.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: &str) {
        assert!(!order.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
