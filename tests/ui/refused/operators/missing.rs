//! Mistake: the operator does not say how many.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(within = "1s"))]
    fn store(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
