//! Where the order does not matter, each says so.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, concurrency = 8)]
    async fn price(x: i64) -> i64 {
        x * 2
    }

    #[source(topic = "rates")]
    fn rate(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = price, start = 0, volatile, any_order)]
    fn total(total: i64, x: i64) -> i64 {
        total + x
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
    #[sink(from = price.sliding_window(3, any_order))]
    fn a(x: Vec<i64>) {
        assert!(x.len() == 3);
    }
    #[sink(from = price.combine_latest(rate, any_order))]
    fn b(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
    #[sink(from = price.zip(rate, hold, any_order))]
    fn c(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
