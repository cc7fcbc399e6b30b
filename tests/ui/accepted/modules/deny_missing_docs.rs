//! A crate in which every public item is documented: what `#[pipeline]` adds is, too.
#![deny(missing_docs, missing_debug_implementations)]

use waterhealer::prelude::*;

/// A database.
#[derive(Debug)]
pub struct Db {
    /// Rows in it.
    pub rows: i64,
}

#[pipeline(group = "shop")]
/// Sells.
pub mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    /// An amount by hand.
    #[source(emit)]
    pub fn amount(amount: i64) -> i64 {
        amount
    }
    /// Stores a row.
    #[sink(from = order.union(amount))]
    pub fn store(order: i64, db: &Db) {
        assert!(order > 0 && db.rows == 0);
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { db: Db { rows: 0 } });
}
