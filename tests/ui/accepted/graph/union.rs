//! Several nodes into one.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64) -> i64 {
        order * 2
    }

    #[map(from = order)]
    async fn refund(order: i64) -> Result<i64, String> {
        Ok(-order)
    }
    #[filter(from = price.union(refund))]
    fn any(amount: &i64) -> bool {
        *amount != 0
    }
    #[sink(from = any.union(order, price).union(refund))]
    fn store(amount: i64) {
        assert!(amount != 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
