//! Leak: two batches in one call could stand in for one another.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: (Batch<i64>, Batch<i64>)) -> Done {
        rows.0.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
