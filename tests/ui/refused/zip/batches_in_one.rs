//! Leak: one branch gathers batches, the other goes on value by value.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn left(x: i64) -> i64 {
        x + 1
    }

    #[map(from = order.partition(5, within = "1s"))]
    fn rows(x: Vec<i64>) -> usize {
        x.len()
    }

    #[sink(from = left.zip(rows))]
    fn store(x: (i64, usize)) {
        assert!(x.0 > x.1 as i64);
    }
}

fn main() -> ExitCode {
    shop::main()
}
