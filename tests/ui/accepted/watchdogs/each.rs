//! Each watchdog by its name; times as texts and as seconds, and zero for those that do not watch.

use waterhealer::prelude::*;

#[pipeline(
    group = "shop",
    auto_shutdown(
        defaults,
        got_error = false,
        graceful_offset = "90m",
        when_idle = true,
        graceful_polling = 1_800,
        brokers_away = "5m",
        auto_expired = 0,
        max_total_commit = 10_000,
        interval = "5s",
        sleep_before_shutdown = 0,
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

fn main() {
    let _pipeline = shop::pipeline();
}
