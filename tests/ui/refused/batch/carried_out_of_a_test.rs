//! Leak: a batch that a test is lent is carried out of it.

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
        let other = waterhealer::testing::with_batch(vec![1], |other| other);
        assert!(other.len() == rows.len());
        other.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
