//! Mistake: durations without a unit, of nothing, of more than an integer.

use waterhealer::prelude::*;

#[pipeline(
    group = "shop",
    interval = "10",
    drain_timeout = "0s",
    shutdown_grace = 5
)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
