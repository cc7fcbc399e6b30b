//! Mistake: one value where batches come.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(row: i64) {
        assert!(row > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
