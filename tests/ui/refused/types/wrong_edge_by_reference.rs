//! Mistake: a sink is lent another type than its `from` gives.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: &u8) {
        assert!(*order > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
