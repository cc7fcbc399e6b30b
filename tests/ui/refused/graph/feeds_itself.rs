//! Leak: a node takes from itself.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.union(again))]
    fn again(value: i64) -> i64 {
        value
    }
    #[sink(from = again)]
    fn store(value: i64) {
        assert!(value > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
