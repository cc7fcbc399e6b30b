//! Leak: rows of the user's own making.

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
        let made = waterhealer::Rows::new(vec![1]);
        assert!(made.len() == rows.len());
        rows.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
