//! Leak: one of the two comes from Kafka, and its records wait for somebody to emit.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(emit)]
    fn tick(x: i64) -> i64 {
        x
    }

    #[sink(from = order.zip(tick))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() -> ExitCode {
    shop::main()
}
