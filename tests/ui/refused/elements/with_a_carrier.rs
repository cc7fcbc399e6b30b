//! Mistake: an element is no record, so it has no carrier.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[foreach_map(from = order.partition(500, within = "1s"))]
    fn price(order: Tracked<i64>) -> Tracked<i64> {
        order.map(|order| order * 120)
    }

    #[sink(from = price)]
    fn store(prices: Vec<i64>) {
        println!("{prices:?}");
    }
}

fn main() -> ExitCode {
    shop::main()
}
