//! Mistake: watchdogs that there are not: a slip of the fingers, and one of another language.

use waterhealer::prelude::*;

#[pipeline(group = "shop", auto_shutdown(graceful_ofset = "1h", got_dask = true, heartbeat = "1s"))]
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
