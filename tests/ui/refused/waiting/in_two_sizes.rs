//! Mistake: two buffers in front of one place.

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

    #[sink(from = order.buffer(100).union(back.buffer(10)))]
    async fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
