//! Leak: a row is taken out of its place.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.offset().to_string()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(mut rows: Batch<String>) -> Done {
        let first = std::mem::take(&mut rows[0]);
        assert!(!first.is_empty());
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
