//! Mistake: a value that borrows cannot flow.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.offset().to_string()
    }

    #[map(from = order)]
    fn first(order: &String) -> Option<&str> {
        order.lines().next()
    }
    #[sink(from = first)]
    fn store(first: Option<String>) {
        assert!(first.is_some());
    }
}

fn main() -> ExitCode {
    shop::main()
}
