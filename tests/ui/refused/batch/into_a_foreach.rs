//! Mistake: an element-wise node that asks for the whole batch.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[foreach_map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> i64 {
        rows.len() as i64
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
