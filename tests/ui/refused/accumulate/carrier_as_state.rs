//! Leak: the carrier of the record before is kept in the state.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = None, volatile)]
    fn total(last: Option<Tracked<i64>>, x: i64) -> Option<Tracked<i64>> {
        assert!(x > 0);
        last
    }

    #[sink(from = total.pluck(0))]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
