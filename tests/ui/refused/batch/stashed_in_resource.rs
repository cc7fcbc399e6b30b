//! Leak: this batch is put by in a resource, and the one before it is answered.

use std::sync::Mutex;

use waterhealer::prelude::*;

/// Keeps one batch back.
#[derive(Default)]
pub struct Stash {
    last: Mutex<Option<Batch<'static, i64>>>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Batch<i64>, stash: &Stash) -> Done {
        stash.last.lock().unwrap().replace(rows).unwrap().done()
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        stash: Stash::default(),
    })
}
