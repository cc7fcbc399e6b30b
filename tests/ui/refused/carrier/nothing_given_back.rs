//! Leak: a stage takes the carrier and answers the plain value.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> i64 {
        *order
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
