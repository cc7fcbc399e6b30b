//! Leak: a filter that takes the carrier, and answers only yes or no.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order)]
    fn large(order: Tracked<i64>) -> bool {
        *order > 10
    }
    #[sink(from = large)]
    fn store(order: i64) {
        assert!(order > 10);
    }
}

fn main() -> ExitCode {
    shop::main()
}
