//! Leak: a sink takes a `Result` and finishes its record, whatever is in it.

use std::num::ParseIntError;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.text().unwrap_or_default().to_owned()
    }

    #[flat_map(from = order)]
    fn amount(order: String) -> Vec<Result<i64, ParseIntError>> {
        order.split(' ').map(str::parse).collect()
    }
    #[sink(from = amount)]
    fn store(amount: Result<i64, ParseIntError>) {
        if let Ok(amount) = amount {
            assert!(amount > 0);
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
