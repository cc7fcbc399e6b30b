//! Leak: a carrier for ever, behind an alias that the macro does not see through.

use waterhealer::prelude::*;

type Forever = Tracked<'static, i64>;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Forever) {
        drop(order.done());
    }
}

fn main() -> ExitCode {
    shop::main()
}
