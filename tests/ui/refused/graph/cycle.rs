//! Leak: three nodes feed one another, and records go round for ever.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.union(third))]
    fn first(value: i64) -> i64 {
        value
    }
    #[map(from = first)]
    fn second(value: i64) -> i64 {
        value
    }
    #[map(from = second)]
    fn third(value: i64) -> i64 {
        value
    }
    #[sink(from = third)]
    fn store(value: i64) {
        assert!(value > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
