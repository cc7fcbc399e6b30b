//! Mistake: the order was given up long before, in front of other nodes and operators.

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

    #[map(from = price.delay("1s"))]
    fn next(x: i64) -> i64 {
        x
    }

    #[sink(from = next.unique().sliding_window(3))]
    fn store(x: Vec<i64>) {
        assert!(x.len() == 3);
    }
}

fn main() -> ExitCode {
    shop::main()
}
