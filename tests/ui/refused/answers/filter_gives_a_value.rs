//! Mistake: a filter that answers a value.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order)]
    fn large(order: &i64) -> Option<i64> {
        Some(*order)
    }
    #[sink(from = large)]
    fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
