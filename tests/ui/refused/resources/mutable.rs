//! Mistake: a resource that two calls would change at once.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, rows: &mut Vec<i64>) {
        rows.push(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
