//! Leak: a map over a batch gives no batch.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) {
        assert!(!rows.is_empty());
    }

    #[sink(from = price)]
    fn store(x: ()) {
        assert!(x == ());
    }
}

fn main() -> ExitCode {
    shop::main()
}
