//! Mistake: a flat_map over a batch.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> Vec<i64> {
        rows.to_vec()
    }

    #[sink(from = price)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
