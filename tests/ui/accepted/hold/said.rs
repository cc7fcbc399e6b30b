//! Held on purpose: each says so.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "rates")]
    fn rate(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, hold))]
    fn a(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
    #[sink(from = order.collect(flush = rate, hold))]
    fn b(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
    #[sink(from = order.zip(rate, hold))]
    fn c(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
    #[sink(from = order.zip_latest(rate, hold))]
    fn d(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
