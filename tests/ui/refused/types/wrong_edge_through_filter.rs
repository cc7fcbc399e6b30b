//! Mistake: a node takes what a filter answers, but the value goes on as it came.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order)]
    fn large(order: &i64) -> bool {
        *order > 10
    }
    #[sink(from = large)]
    fn store(large: bool) {
        assert!(large);
    }
}

fn main() -> ExitCode {
    shop::main()
}
