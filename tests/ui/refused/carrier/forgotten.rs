//! Leak: the carrier is forgotten, so that not even its `Drop` would notice.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<i64> {
        std::mem::forget(order);
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
