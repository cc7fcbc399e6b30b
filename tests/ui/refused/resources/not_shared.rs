//! Mistake: a resource that threads cannot share.

use std::cell::RefCell;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, seen: &RefCell<Vec<i64>>) {
        seen.borrow_mut().push(order);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        seen: RefCell::default(),
    })
}
