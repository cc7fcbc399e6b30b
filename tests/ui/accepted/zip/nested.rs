//! Pairs of pairs, in one expression and in nodes.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn left(x: i64) -> i64 {
        x + 1
    }

    #[map(from = order)]
    fn right(x: i64) -> i64 {
        x + 2
    }

    #[sink(from = left.zip(right).zip(order, "x"))]
    fn store(x: ((i64, i64), i64, &'static str)) {
        assert!(x.0.0 < x.0.1 && x.1 > 0);
    }

    #[map(from = left.zip(right))]
    fn inner(x: (i64, i64)) -> i64 {
        x.0 + x.1
    }

    #[sink(from = inner.zip(order))]
    fn outer(x: (i64, i64)) {
        assert!(x.0 > x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
