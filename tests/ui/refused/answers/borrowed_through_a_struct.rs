//! Mistake: a value that borrows without a lifetime to be seen.

use waterhealer::prelude::*;

/// Borrows.
pub struct Line<'a> {
    text: &'a str,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.offset().to_string()
    }

    #[map(from = order)]
    fn first(order: &String) -> Line {
        Line { text: order }
    }
    #[sink(from = first)]
    fn store(first: String) {
        assert!(first.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
