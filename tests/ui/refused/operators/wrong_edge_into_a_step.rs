//! Mistake: the node after an operator takes another type.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.delay("1s"))]
    fn store(x: String) {
        assert!(!x.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
