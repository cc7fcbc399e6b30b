//! Leak: a sink takes many results at once, and finishes their record whatever is in them.

use std::num::ParseIntError;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> String {
        record.text().unwrap_or_default().to_owned()
    }

    #[map(from = order)]
    fn amounts(order: String) -> Vec<Result<i64, ParseIntError>> {
        order.split(' ').map(str::parse).collect()
    }
    #[sink(from = amounts)]
    fn store(amounts: Vec<Result<i64, ParseIntError>>) {
        for amount in amounts.into_iter().flatten() {
            assert!(amount > 0);
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
