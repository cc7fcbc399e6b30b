//! Mistake: an async node that holds across an `await` what cannot go to another thread.

use std::rc::Rc;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: i64) {
        let shared = Rc::new(order);
        tokio::task::yield_now().await;
        assert!(*shared > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
