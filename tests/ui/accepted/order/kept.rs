//! One call at a time keeps the order; by record there is none to keep.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(x: i64) -> i64 {
        x * 2
    }
    #[map(from = order, concurrency = 8)]
    async fn tax(x: i64) -> i64 {
        x * 2
    }

    #[sink(from = price.sliding_window(3))]
    fn a(x: Vec<i64>) {
        assert!(x.len() == 3);
    }
    #[sink(from = price.zip(tax))]
    fn b(x: (i64, i64)) {
        assert!(x.0 == x.1);
    }
    #[sink(from = tax.partition(5, within = "1s"))]
    fn c(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
