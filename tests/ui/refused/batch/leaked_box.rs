//! Leak: the batch is leaked, and what is left of it is a reference.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order.partition(500, within = "1s"))]
    fn store(rows: Batch<i64>) -> Done {
        let leaked = Box::leak(Box::new(rows));
        leaked.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
