//! The original beside what is made of it, of its parts, of itself later.

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

    #[sink(from = order.zip(left))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }

    #[sink(from = order.zip(order.delay("1s")))]
    fn later(x: (i64, i64)) {
        assert!(x.0 == x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
