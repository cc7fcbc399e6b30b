//! Nodes may be written in any order.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[sink(from = large)]
    fn store(price: i64) {
        assert!(price > 10);
    }
    #[filter(from = price)]
    fn large(price: &i64) -> bool {
        *price > 10
    }
    #[map(from = order)]
    fn price(order: i64) -> i64 {
        order * 2
    }
    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
