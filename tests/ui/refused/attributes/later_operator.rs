//! Mistake: an operator of a later version.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(5, within = "1s"))]
    fn store(orders: Vec<i64>) {
        assert!(!orders.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
