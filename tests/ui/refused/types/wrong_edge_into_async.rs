//! Mistake: an async node takes another type than its `from` gives.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: String) {
        assert!(!order.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
