//! Leak: a branch that is itself made of two streams gives as many values as both together.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "rates")]
    fn rate(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn left(x: i64) -> i64 {
        x + 1
    }

    #[map(from = left.combine_latest(rate))]
    fn priced(x: (i64, i64)) -> i64 {
        x.0 * x.1
    }

    #[sink(from = left.zip(priced))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() -> ExitCode {
    shop::main()
}
