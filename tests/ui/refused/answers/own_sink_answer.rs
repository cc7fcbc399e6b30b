//! Leak: a user's own type is to count as a sink's answer.

use waterhealer::__private::{Failure, SinkAnswer};
use waterhealer::prelude::*;

/// Work for later.
pub struct Later(pub i64);

impl SinkAnswer for Later {
    fn into_receipt(self) -> Result<(), Failure> {
        assert!(self.0 > 0);
        Ok(())
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
