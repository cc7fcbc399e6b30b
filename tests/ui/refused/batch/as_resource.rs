//! Leak: a second batch as a resource.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Batch<i64>, other: &Batch<i64>) -> Done {
        assert!(rows.len() == other.len());
        rows.done()
    }
}

fn main() -> ExitCode {
    ExitCode::FAILURE
}
