//! Mistake: a conversion of the user's own, smuggled into an edge where no panic of it would be caught.

use waterhealer::__private::Feeds;
use waterhealer::prelude::*;

/// An order with its price.
pub struct Priced {
    cents: i64,
}
/// A row.
pub struct Stored {
    cents: i64,
}

impl Feeds<Stored> for Priced {
    fn feed(self) -> Stored {
        Stored { cents: self.cents }
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) {
        assert!(order >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
