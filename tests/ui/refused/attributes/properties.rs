//! Mistake: properties that are not texts.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", properties(fetch = 1))]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }
    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
