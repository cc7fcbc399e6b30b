//! What is several values of a record before the branches part is named there.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order)]
    fn line(x: i64) -> Vec<i64> {
        vec![x; 3]
    }

    #[map(from = line)]
    fn left(x: i64) -> i64 {
        x
    }

    #[map(from = line)]
    fn right(x: i64) -> i64 {
        x
    }

    #[map(from = right)]
    fn again(x: i64) -> i64 {
        x
    }

    #[map(from = right.zip(again))]
    fn inner(x: (i64, i64)) -> i64 {
        x.0
    }

    #[sink(from = left.zip(inner))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
