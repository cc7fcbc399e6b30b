//! Mistake: elements that wait together wait for nothing.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[foreach_async(from = order.partition(500, within = "1s"))]
    fn price(order: i64) -> i64 {
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
