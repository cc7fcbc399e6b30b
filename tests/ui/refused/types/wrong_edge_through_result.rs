//! Mistake: a node takes the whole `Result`, but only its success goes on.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64) -> Result<i64, String> {
        Ok(order)
    }
    #[sink(from = price)]
    fn store(price: Result<i64, String>) {
        assert!(price.is_ok());
    }
}

fn main() -> ExitCode {
    shop::main()
}
