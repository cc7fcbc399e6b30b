//! Mistake: a resource that one node uses is taken by another for nothing.

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

    #[filter(from = order)]
    fn large(order: &i64, db: &Db) -> bool {
        *order > 100
    }
    #[sink(from = large)]
    fn store(order: Tracked<i64>, db: &Db) -> Done {
        db.rows.lock().unwrap().push(*order);
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources { db: Db::default() })
}
