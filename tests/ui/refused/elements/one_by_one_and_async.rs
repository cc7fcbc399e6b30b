//! Mistake: elements that go one after another wait for something.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[foreach_map(from = order.partition(500, within = "1s"))]
    async fn price(order: i64) -> i64 {
        order * 120
    }

    #[sink(from = price)]
    fn store(prices: Vec<i64>) {
        println!("{prices:?}");
    }
}

fn main() -> ExitCode {
    shop::main()
}
