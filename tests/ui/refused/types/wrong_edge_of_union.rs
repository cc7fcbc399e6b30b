//! Mistake: a union of two types.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "returns")]
    fn returned(record: &Record<'_>) -> String {
        record.offset().to_string()
    }
    #[sink(from = order.union(returned))]
    fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
