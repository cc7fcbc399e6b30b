//! Leak: the closure that replaces the values lets the batch out.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> Batch<i64> {
        let mut out = None;
        waterhealer::testing::with_batch(vec![1], |other| out = Some(other));
        assert!(rows.len() == 1);
        out.unwrap()
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
