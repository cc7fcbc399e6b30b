//! Leak: a user's own type is to count as a carrier given back.

use waterhealer::__private::{MapAnswer, Sealed};
use waterhealer::prelude::*;

/// Work for later.
pub struct Later(pub i64);

impl MapAnswer<'_> for Later {
    type Value = i64;
    fn into_sealed(self) -> Sealed<i64> {
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
