//! Mistake: a value that borrows, as a parameter.

use std::borrow::Cow;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Cow<'_, str>) {
        assert!(!order.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
