//! Leak: a future that nobody awaits, in a stage that is not async and allows what it should not.

use waterhealer::prelude::*;

async fn insert(order: i64) {
    assert!(order > 0);
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    #[allow(unused_must_use)]
    fn store(order: i64) {
        insert(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
