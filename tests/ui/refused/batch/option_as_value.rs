//! Mistake: a batch in an option.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Option<Batch<i64>>) {
        assert!(rows.is_some());
    }
}

fn main() -> ExitCode {
    shop::main()
}
