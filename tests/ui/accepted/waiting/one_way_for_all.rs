//! Freedom: one word says how values of several nodes wait.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "returns")]
    fn back(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.union(back).buffer(100))]
    async fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
