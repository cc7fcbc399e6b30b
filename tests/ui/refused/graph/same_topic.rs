//! Mistake: two sources read one topic.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "orders")]
    fn again(record: &Record<'_>) -> i64 {
        record.offset()
    }
    #[sink(from = order.union(again))]
    fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
