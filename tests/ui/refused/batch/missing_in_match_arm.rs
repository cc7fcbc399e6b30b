//! Leak: one branch answers nothing.

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
        match rows.len() {
            0 => rows.done(),
            _ => {}
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
