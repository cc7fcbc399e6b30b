//! Leak: the branch of a `select!` that loses takes the carrier with it.

use std::time::Duration;

use waterhealer::prelude::*;

async fn finish<T>(order: Tracked<'_, T>) -> Done<'_> {
    order.done()
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    async fn store(order: Tracked<i64>) -> Done {
        tokio::select! {
            receipt = finish(order) => receipt,
            () = tokio::time::sleep(Duration::from_secs(1)) => order.done(),
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
