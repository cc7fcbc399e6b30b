//! Leak: orders wait for a tick that may never come.

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

    #[sink(from = order.collect(flush = rate))]
    fn store(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
