//! Leak: this record's carrier is put by in a static, and an earlier one is answered.

use std::sync::Mutex;

use waterhealer::prelude::*;

static STASH: Mutex<Vec<Tracked<'static, i64>>> = Mutex::new(Vec::new());

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        let mut stash = STASH.lock().unwrap();
        stash.push(order);
        stash.remove(0).done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
