//! Leak: a lifetime of the user's own on a carrier, to tie two records together.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store<'mine>(order: Tracked<'mine, i64>) -> Done<'mine> {
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
