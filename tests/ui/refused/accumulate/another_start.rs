//! Mistake: the start is no state.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = "zero", volatile)]
    fn total(total: i64, x: i64) -> i64 {
        total + x
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
