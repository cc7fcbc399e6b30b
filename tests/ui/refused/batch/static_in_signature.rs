//! Leak: a batch for ever.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Batch<'static, i64>) -> Done {
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
