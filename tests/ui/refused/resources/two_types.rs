//! Mistake: one resource with two types.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64, rate: &i64) -> i64 {
        order * rate
    }
    #[sink(from = price)]
    fn store(price: i64, rate: &String) {
        assert!(price > 0 && !rate.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources { rate: 2 })
}
