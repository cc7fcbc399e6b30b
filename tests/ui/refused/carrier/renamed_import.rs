//! Leak: a carrier under another name, which the macro does not know.

use waterhealer::Tracked as Carrier;
use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Carrier<i64>) {
        drop(order.done());
    }
}

fn main() -> ExitCode {
    shop::main()
}
