//! Leak: the receipt of a carrier that a test helper lends is carried out of it.

use waterhealer::prelude::*;
use waterhealer::testing;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        let mut receipt = None;
        testing::with(*order, |made| receipt = Some(made.done()));
        receipt.unwrap()
    }
}

fn main() -> ExitCode {
    shop::main()
}
