//! Mistake: a batch and single values come to one node.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn one(x: i64) -> i64 {
        x
    }

    #[map(from = order.partition(500, within = "1s").union(one))]
    fn price(rows: Batch<i64>) -> Batch<i64> {
        rows
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
