//! Leak: a carrier that is shared by all calls.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, first: &Tracked<i64>) {
        assert!(order > **first);
    }
}

fn main() -> ExitCode {
    shop::main()
}
