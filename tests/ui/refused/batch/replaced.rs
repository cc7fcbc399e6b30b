//! Leak: another batch takes the place of this one.

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
        waterhealer::testing::with_batch(vec![1], |other| {
            drop(std::mem::replace(&mut rows, other))
        });
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
