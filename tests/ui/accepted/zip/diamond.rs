//! The branches of a diamond pair by record, whatever one of them lets through.

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

    #[filter(from = order)]
    fn large(x: &i64) -> bool {
        *x > 100
    }

    #[sink(from = left.zip(large))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
