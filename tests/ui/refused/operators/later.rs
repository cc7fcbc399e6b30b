//! Mistake: an operator that is planned.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.scatter("heavy"))]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
