//! Mistake: detached work is excused without a reason.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, detached = "")]
    async fn store(order: i64) {
        tokio::spawn(async move { assert!(order > 0) });
    }
}

fn main() -> ExitCode {
    shop::main()
}
