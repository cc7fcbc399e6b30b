//! Leak: a type of the user's own as an answer.

use waterhealer::prelude::*;

/// Stands for work that is not done.
pub struct Later<T>(T);
impl<'record, T> waterhealer::rules::BatchAnswer<'record> for Later<Batch<'record, T>> {
    type Value = waterhealer::Rows<T>;
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> Later<Batch<i64>> {
        Later(rows)
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
