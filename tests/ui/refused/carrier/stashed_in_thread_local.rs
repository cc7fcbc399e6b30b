//! Leak: this record's carrier is put by in a thread-local, and an earlier one is answered.

use std::cell::RefCell;

use waterhealer::prelude::*;

thread_local! { static STASH: RefCell<Option<Tracked<'static, i64>>> = const { RefCell::new(None) }; }

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<i64> {
        STASH.replace(Some(order)).unwrap()
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
