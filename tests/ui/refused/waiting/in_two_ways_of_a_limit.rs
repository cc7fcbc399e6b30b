//! Mistake: a rate limit has one place where values wait, too.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "returns")]
    fn back(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.latest().union(back.buffer(5)).rate_limit("1ms"))]
    async fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
