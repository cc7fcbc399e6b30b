//! Leak: a helper that demands a batch for ever.

use waterhealer::prelude::*;

fn keep(rows: Batch<'static, i64>) -> Done<'static> {
    rows.done()
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Batch<i64>) -> Done {
        keep(rows)
    }
}

fn main() -> ExitCode {
    shop::main()
}
