//! Mistake: a batch and single values come to one operator.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn one(x: i64) -> i64 {
        x
    }

    #[sink(from = order.partition(500, within = "1s").union(one).flatten())]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
