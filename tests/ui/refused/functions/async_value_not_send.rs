//! Mistake: an async node over a value that cannot go to another thread.

use std::rc::Rc;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn share(order: i64) -> Rc<i64> {
        Rc::new(order)
    }
    #[sink(from = share)]
    async fn store(order: Rc<i64>) {
        assert!(*order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
