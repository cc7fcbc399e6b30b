//! Mistake: slips of the fingers, and a number that makes no sense, in `#[pipeline]`.

use waterhealer::prelude::*;

#[pipeline(gruop = "shop", lanes = 0)]
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
