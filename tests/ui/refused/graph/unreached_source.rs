//! Leak: of two sources one leads nowhere.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "returns")]
    fn returned(record: &Record<'_>) -> i64 {
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
