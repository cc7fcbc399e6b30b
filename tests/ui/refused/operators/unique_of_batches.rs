//! Mistake: batches are told apart by themselves, which they cannot be.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s").unique())]
    fn store(prices: Vec<i64>) {
        println!("{prices:?}");
    }
}

fn main() -> ExitCode {
    shop::main()
}
