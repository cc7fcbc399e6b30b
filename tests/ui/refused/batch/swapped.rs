//! Leak: two batches change places.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(mut rows: Batch<i64>) -> Done {
        waterhealer::testing::with_batch(vec![1], |mut other| {
            std::mem::swap(&mut rows, &mut other)
        });
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
