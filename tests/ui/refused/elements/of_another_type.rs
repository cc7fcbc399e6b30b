//! Mistake: the elements are of another type than the rows that come.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[foreach_map(from = order.partition(500, within = "1s"))]
    fn price(order: String) -> i64 {
        order.len() as i64
    }

    #[sink(from = price)]
    fn store(prices: Vec<i64>) {
        println!("{prices:?}");
    }
}

fn main() -> ExitCode {
    shop::main()
}
