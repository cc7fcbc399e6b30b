//! Leak: the carrier is taken away, and another record's is left in its place.

use waterhealer::prelude::*;
use waterhealer::testing;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(mut order: Tracked<i64>) -> Tracked<i64> {
        testing::with(0, |other| drop(std::mem::replace(&mut order, other)));
        order
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
