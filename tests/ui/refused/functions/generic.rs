//! Mistake: a node that is generic.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store<T: std::fmt::Display>(order: T) {
        assert!(!order.to_string().is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
