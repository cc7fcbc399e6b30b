//! Leak: a reference to the carrier is kept after the call.

use std::sync::Mutex;

use waterhealer::prelude::*;

static SEEN: Mutex<Vec<&i64>> = Mutex::new(Vec::new());

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: &Tracked<i64>) {
        SEEN.lock().unwrap().push(order.value());
    }
}

fn main() -> ExitCode {
    shop::main()
}
