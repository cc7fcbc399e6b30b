//! Mistake: a state that no parameter takes.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = 0, volatile)]
    fn total(x: i64) -> i64 {
        x
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
