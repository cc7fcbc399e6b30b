//! At least once, in words.

use waterhealer::prelude::*;

#[pipeline(group = "shop", delivery = at_least_once)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(x: i64) {
        assert!(x >= 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
