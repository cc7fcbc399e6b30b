//! Leak: the batch is dropped, and nothing is left to answer with.

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
        drop(rows);
    }
}

fn main() -> ExitCode {
    shop::main()
}
