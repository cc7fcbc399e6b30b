//! Leak: a batch under another name, which the macro does not know.

use waterhealer::Batch as Pack;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Pack<i64>) {
        drop(rows.done());
    }
}

fn main() -> ExitCode {
    shop::main()
}
