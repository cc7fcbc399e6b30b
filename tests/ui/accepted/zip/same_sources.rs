//! Both sources lead to both branches.

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

    #[map(from = order.union(rate))]
    fn left(x: i64) -> i64 {
        x
    }

    #[map(from = rate.union(order))]
    fn right(x: i64) -> i64 {
        x
    }

    #[sink(from = left.zip(right))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
