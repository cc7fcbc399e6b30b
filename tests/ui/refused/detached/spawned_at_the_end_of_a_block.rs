//! Leak: the handle is the value of a block whose value is thrown away.

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
        {
            let order = order * 2;
            tokio::spawn(async move { assert!(order > 0) })
        };
        if order > 100 {
            tokio::spawn(async move { assert!(order > 1) })
        } else {
            tokio::spawn(async move { assert!(order < 2) })
        };
    }
}

fn main() -> ExitCode {
    shop::main()
}
