//! Mistake: what an operation gives is the batch, and here it is thrown away.

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
        rows.retain(|row| *row > 0);
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
