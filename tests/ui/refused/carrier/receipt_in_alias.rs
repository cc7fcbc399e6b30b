//! Mistake: the receipt behind an alias, which the macro does not see through.

use waterhealer::prelude::*;

type Receipt<'record> = Done<'record>;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Receipt<'_> {
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
