//! Mistake: a resource that two nodes take has the name of a node after them.

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

    #[map(from = order)]
    fn price(order: i64, store: &Db) -> i64 {
        store.rows.lock().unwrap().push(order);
        order * 2
    }
    #[filter(from = price)]
    fn large(price: &i64, store: &Db) -> bool {
        *price > 100 && store.rows.lock().unwrap().is_empty()
    }
    #[sink(from = large)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        store: Db::default(),
    })
}
