//! Leak: a stash for rows, that nobody can fill: no stage is given any.

use std::sync::Mutex;

use waterhealer::prelude::*;

/// Keeps rows.
#[derive(Default)]
pub struct Stash {
    rows: Mutex<Vec<waterhealer::Rows<i64>>>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Vec<i64>, stash: &Stash) -> Vec<i64> {
        stash
            .rows
            .lock()
            .unwrap()
            .push(waterhealer::Rows::from(rows));
        Vec::new()
    }

    #[sink(from = price)]
    fn store(rows: Vec<i64>) {
        assert!(!rows.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        stash: Stash::default(),
    })
}
