//! Leak: a future that nobody awaits.

use std::pin::Pin;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> Pin<Box<dyn Future<Output = Batch<i64>> + Send>> {
        Box::pin(async move { rows })
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
