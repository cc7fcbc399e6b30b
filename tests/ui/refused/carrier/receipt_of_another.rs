//! Leak: a receipt for a carrier that was only looked at.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: &Tracked<i64>) -> Result<Done, String> {
        Err(order.to_string())
    }
}

fn main() -> ExitCode {
    shop::main()
}
