//! Mistake: a node in the middle is called `any_order`, which is a word of the operators.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order)]
    fn any_order(order: i64) -> Vec<i64> {
        vec![order]
    }
    #[sink(from = any_order)]
    fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
