//! Mistake: a slip of the fingers in an operator.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }
    #[source(topic = "returns")]
    fn returned(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.unoin(returned))]
    async fn store(order: i64) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
