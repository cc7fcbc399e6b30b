//! Mistake: a resource that borrows.

use waterhealer::prelude::*;

/// Borrows.
pub struct Names<'a> {
    all: &'a [String],
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, names: &Names<'_>) {
        assert!(order > 0 && !names.all.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
