//! Mistake: of two resources one cannot be shared.

use std::cell::Cell;

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
    fn store(order: i64, db: &Db, seen: &Cell<i64>) {
        db.rows.lock().unwrap().push(order);
        seen.set(order);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        db: Db::default(),
        seen: Cell::new(0),
    })
}
