//! Leak: the values are put into another batch.

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
        let (values, _empty) = rows.take();
        waterhealer::testing::with_batch(vec![(); values.len()], |other| other.put(values))
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
