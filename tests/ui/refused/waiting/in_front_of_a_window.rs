//! Mistake: the async sink is after the window, and what waits there are batches.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.buffer(100).partition(5, within = "1s"))]
    async fn store(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
