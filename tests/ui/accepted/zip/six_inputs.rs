//! As many inputs as there are, and texts and numbers beside them.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn n0(x: i64) -> i64 {
        x + 0
    }

    #[map(from = order)]
    fn n1(x: i64) -> i64 {
        x + 1
    }

    #[map(from = order)]
    fn n2(x: i64) -> i64 {
        x + 2
    }

    #[map(from = order)]
    fn n3(x: i64) -> i64 {
        x + 3
    }

    #[map(from = order)]
    fn n4(x: i64) -> i64 {
        x + 4
    }

    #[sink(from = order.zip(n0, n1, "x", n2, n3, 5, n4))]
    fn store(x: (i64, i64, i64, &'static str, i64, i64, i32, i64)) {
        assert!(x.0 > 0 && x.3 == "x" && x.6 == 5);
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
