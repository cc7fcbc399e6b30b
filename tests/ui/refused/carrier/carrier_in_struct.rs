//! Leak: the carrier goes away in a struct of the user's own.

use waterhealer::prelude::*;

/// A carrier in other clothes.
pub struct Wrapped<'record> {
    order: Tracked<'record, i64>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Wrapped<'_> {
        Wrapped { order }
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
