//! Leak: a batch without its offsets is answered.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> waterhealer::Rows<i64> {
        let made: Option<waterhealer::Rows<i64>> = None;
        assert!(rows.len() > 1);
        made.unwrap()
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
