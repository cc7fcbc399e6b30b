//! Leak: the receipt of another batch is answered.

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
        waterhealer::testing::with_batch(rows.to_vec(), |other| other.done())
    }
}

fn main() -> ExitCode {
    shop::main()
}
