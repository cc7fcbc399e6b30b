//! Mistake: nothing ever flushes.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.collect())]
    fn store(x: Vec<i64>) {
        assert!(!x.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
