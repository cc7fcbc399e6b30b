//! Mistake: several, all told in one run.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = ordr, concurency = 4)]
    fn price(order: i64) -> i64 {
        order
    }
    #[filter(from = price)]
    fn large(price: i64) -> bool {
        price > 10
    }
    #[sink(from = large, concurrency = 0)]
    async fn store(price: &mut i64) {
        assert!(*price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
