//! Leak: a batch is finished before its work is, and answered once more.

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
        let receipt = rows.done();
        assert!(!rows.is_empty());
        drop(receipt);
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
