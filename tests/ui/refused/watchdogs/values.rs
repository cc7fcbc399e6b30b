//! Mistake: times that are none, a number of commits that is none, and one said twice.

use waterhealer::prelude::*;

#[pipeline(
    group = "shop",
    auto_shutdown(
        graceful_offset = "soon",
        auto_expired = 1.5,
        max_total_commit = -1,
        interval = 0,
        got_error = "no",
        brokers_away = "5m",
        brokers_away = "6m"
    )
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
