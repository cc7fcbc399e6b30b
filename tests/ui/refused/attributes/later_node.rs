//! Mistake: a node of a later version.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order > 0);
    }
    #[accumulate(from = order)]
    fn sum(total: i64, order: i64) -> i64 {
        total + order
    }
}

fn main() -> ExitCode {
    shop::main()
}
