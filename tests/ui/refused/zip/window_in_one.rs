//! Leak: a window gives a batch for each value but the first ones.

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

    #[sink(from = left.zip(order.sliding_window(3)))]
    fn store(x: (i64, Vec<i64>)) {
        assert!(x.1.len() == 3);
    }
}

fn main() -> ExitCode {
    shop::main()
}
