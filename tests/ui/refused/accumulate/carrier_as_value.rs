//! Leak: a carrier goes into a state.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = None, volatile)]
    fn total(last: Option<i64>, x: Tracked<i64>) -> Option<i64> {
        last.max(Some(*x))
    }

    #[sink(from = total)]
    fn store(x: Option<i64>) {
        assert!(x.is_some());
    }
}

fn main() -> ExitCode {
    shop::main()
}
