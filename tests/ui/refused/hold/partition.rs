//! Leak: a batch that is never full holds its records for ever.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500))]
    fn store(x: Vec<i64>) {
        assert!(x.len() == 500);
    }
}

fn main() -> ExitCode {
    shop::main()
}
