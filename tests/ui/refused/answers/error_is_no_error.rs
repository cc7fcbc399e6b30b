//! Mistake: an error type that is no error.

use waterhealer::prelude::*;

/// Does not implement `Error`.
pub struct Refusal;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64) -> Result<i64, Refusal> {
        if order > 0 { Ok(order) } else { Err(Refusal) }
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
