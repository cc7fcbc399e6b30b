//! Leak: the carrier is put into memory that is never freed, and something else is taken out.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        std::mem::take(Box::leak(Box::new(order))).done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
