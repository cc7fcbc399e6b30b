//! Mistake: the size is not written as a number.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    const SIZE: usize = 5;

    #[sink(from = order.partition(SIZE, within = "1s"))]
    fn store(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
