//! Mistake: a resource has the name of a node before it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn rate(order: i64) -> i64 {
        order / 100
    }
    #[sink(from = rate)]
    fn store(value: i64, rate: &i64) {
        assert!(value > *rate);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources { rate: 2 })
}
