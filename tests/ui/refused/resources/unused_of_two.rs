//! Mistake: of two resources one is not used any more, and only a comment and a text still name it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(order: i64, rate: &i64, fee: &i64) -> i64 {
        // The fee is in the rate.
        let text = "the fee is in the rate";
        order * rate + text.len() as i64
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources { rate: 2, fee: 1 })
}
