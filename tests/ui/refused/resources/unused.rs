//! Mistake: a resource that the function never uses.

use waterhealer::prelude::*;

/// A database.
#[derive(Default)]
pub struct Db;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, db: &Db) {
        assert!(order > 0);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources { db: Db })
}
