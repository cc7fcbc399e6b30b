//! Mistake: a filter is lent another type than its `from` gives.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order)]
    fn large(order: &String) -> bool {
        order.len() > 2
    }
    #[sink(from = large)]
    fn store(order: String) {
        assert!(!order.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
