//! Mistake: a node takes another of the user's types than its `from` gives.

use waterhealer::prelude::*;

/// An order with its price.
pub struct Priced {
    cents: i64,
}
/// A row.
pub struct Stored {
    cents: i64,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64) -> Priced {
        Priced { cents: order }
    }
    #[sink(from = price)]
    fn store(stored: Stored) {
        assert!(stored.cents > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
