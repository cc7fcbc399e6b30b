//! Mistake: a resource without a size.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, name: &str) {
        assert!(order > 0 && !name.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
