//! Branches that part and meet again, some of them async.

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

    #[map(from = price)]
    async fn left(price: i64) -> i64 {
        price + 1
    }
    #[flat_map(from = price)]
    fn right(price: i64) -> Vec<i64> {
        vec![price; 3]
    }
    #[map(from = left.union(right))]
    fn joined(price: Tracked<i64>) -> Tracked<i64> {
        price
    }
    #[sink(from = joined)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
