//! Mistake: a node takes the whole collection, but its values go on one by one.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order)]
    fn parts(order: i64) -> Vec<i64> {
        vec![order]
    }
    #[sink(from = parts)]
    fn store(parts: Vec<i64>) {
        assert!(!parts.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
