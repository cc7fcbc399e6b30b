//! A state that may be lost says so.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = 0, volatile)]
    fn total(total: i64, x: i64) -> i64 {
        total + x
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
