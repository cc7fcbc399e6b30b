//! Mistake: a window over values that come in any order.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, concurrency = 8)]
    async fn price(x: i64) -> i64 {
        x * 2
    }

    #[sink(from = price.sliding_window(3))]
    fn store(x: Vec<i64>) {
        assert!(x.len() == 3);
    }
}

fn main() -> ExitCode {
    shop::main()
}
