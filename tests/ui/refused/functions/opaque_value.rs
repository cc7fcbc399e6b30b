//! Mistake: a value of an `impl Trait`.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: impl std::fmt::Display) {
        assert!(!order.to_string().is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
