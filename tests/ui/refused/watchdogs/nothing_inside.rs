//! Mistake: parentheses with nothing in them.

use waterhealer::prelude::*;

#[pipeline(group = "shop", auto_shutdown())]
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
