//! Leak: a user's own type is to count as a receipt.

use waterhealer::__private::{Answered, DoneAnswer, Sealed};
use waterhealer::prelude::*;

/// Work for later.
pub struct Later(pub i64);

impl DoneAnswer<'_> for Later {
    fn into_sealed(self) -> Sealed<Answered<()>> {
        loop {}
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
