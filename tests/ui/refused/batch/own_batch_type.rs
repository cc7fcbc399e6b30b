//! Leak: a type of the user's own with the batch's name.

use waterhealer::prelude::*;

/// Says that it is one.
pub struct Batch<'r, T>(Vec<T>, std::marker::PhantomData<&'r ()>);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
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
