//! Mistake: many calls at once of a function that does not wait.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, concurrency = 4)]
    fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
