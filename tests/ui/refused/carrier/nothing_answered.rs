//! Leak: a sink takes the carrier and answers nothing.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) {
        assert!(*order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
