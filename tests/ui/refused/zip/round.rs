//! Leak: a zip that waits for what comes out of it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.zip(b))]
    fn a(x: (i64, i64)) -> i64 {
        x.0
    }

    #[map(from = a)]
    fn b(x: i64) -> i64 {
        x
    }

    #[sink(from = b)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
