//! Mistake: everything may repeat in a pipeline that delivers at least once.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, may_repeat)]
    fn store(x: i64) {
        assert!(x >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
