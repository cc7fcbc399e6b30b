//! Leak: a carrier in place of a batch.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> Tracked<Vec<i64>> {
        waterhealer::testing::with(rows.to_vec(), |made| made)
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
