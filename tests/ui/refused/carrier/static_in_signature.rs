//! Leak: a carrier for ever, demanded in the signature.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<'static, i64>) -> Done {
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
