//! A time bounds what is held, or a window that lets its oldest go.

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

    #[sink(from = order.partition(500, within = "1s"))]
    fn a(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
    #[sink(from = order.partition_time("1s"))]
    fn b(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
    #[sink(from = order.combine_latest(rate))]
    fn c(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
    #[sink(from = order.sliding_window(3))]
    fn d(x: Vec<i64>) {
        assert!(x.len() == 3);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
