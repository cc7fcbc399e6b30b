//! Leak: the rows are taken out of the batch one by one.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Batch<i64>) -> Done {
        for row in rows {
            assert!(row > 0);
        }
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
