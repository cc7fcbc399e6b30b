//! Mistake: a time alone makes no batches.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", within = "1s")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(prices: i64) {
        println!("{prices:?}");
    }
}

fn main() -> ExitCode {
    shop::main()
}
