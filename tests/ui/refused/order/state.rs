//! Mistake: a state that takes values in any order.

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

    #[accumulate(from = price, start = 0, volatile)]
    fn total(total: i64, x: i64) -> i64 {
        total - x
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
