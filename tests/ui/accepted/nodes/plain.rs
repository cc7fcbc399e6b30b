//! Every kind of node, sync, over plain values.

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
    #[filter(from = price)]
    fn large(price: &i64) -> bool {
        *price > 10
    }
    #[flat_map(from = large)]
    fn parts(price: i64) -> Vec<i64> {
        vec![price / 2, price - price / 2]
    }
    #[sink(from = parts)]
    fn store(part: i64) {
        assert!(part > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
