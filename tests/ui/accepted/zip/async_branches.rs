//! A branch that waits, and one that does not; the order is given up, and nothing slips.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, concurrency = 8)]
    async fn left(x: i64) -> i64 {
        x + 1
    }

    #[map(from = order)]
    fn right(x: i64) -> i64 {
        x + 2
    }

    #[sink(from = left.zip(right))]
    async fn store(x: (i64, i64)) {
        assert!(x.0 < x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
