//! In front of a rate limit, whatever comes after it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.buffer(100).rate_limit("10ms"))]
    fn store(x: i64) {
        assert!(x > 0);
    }
    #[sink(from = order.latest().rate_limit("10ms"))]
    fn newest(x: i64) {
        assert!(x > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
