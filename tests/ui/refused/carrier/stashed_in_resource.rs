//! Leak: this record's carrier is put by in a resource, and the one before it is answered.

use std::sync::Mutex;

use waterhealer::prelude::*;

/// Keeps one carrier back.
#[derive(Default)]
pub struct Stash {
    last: Mutex<Option<Tracked<'static, i64>>>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>, stash: &Stash) -> Done {
        stash.last.lock().unwrap().replace(order).unwrap().done()
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        stash: Stash::default(),
    })
}
