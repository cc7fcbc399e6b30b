//! Mistake: a resource that is taken away by the first call.

use waterhealer::prelude::*;

/// A database.
#[derive(Default)]
pub struct Db {
    rows: std::sync::Mutex<Vec<i64>>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, db: Db) {
        db.rows.lock().unwrap().push(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
