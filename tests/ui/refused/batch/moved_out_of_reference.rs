//! Leak: one batch is finished by way of a reference to it.

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
        let lent = &rows;
        lent.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
