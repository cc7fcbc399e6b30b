//! Mistake: a slip in a word is taken for a node.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn other(x: i64) -> i64 {
        x
    }
    #[sink(from = order.zip(other, hodl))]
    fn store(x: (i64, i64)) {
        assert!(x.0 > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
