//! Mistake: a filter over a batch.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order.partition(500, within = "1s"))]
    fn large(rows: Batch<i64>) -> bool {
        rows.len() > 3
    }

    #[sink(from = large)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
