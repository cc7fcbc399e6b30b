//! Mistake: a property of the client that would undo the promise.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", properties("enable.auto.commit" = "true", "bootstrap.servers" = "kafka:9092"))]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }
    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
