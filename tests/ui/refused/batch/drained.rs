//! Leak: the rows are drained, and the batch is answered empty.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(mut rows: Batch<i64>) -> Done {
        let values: Vec<i64> = rows.drain(..).collect();
        assert!(!values.is_empty());
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
