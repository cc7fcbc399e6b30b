//! Leak: the batch is forgotten, and nothing is left to answer with.

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
        std::mem::forget(rows);
    }
}

fn main() -> ExitCode {
    shop::main()
}
