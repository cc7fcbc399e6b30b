//! Results that reach a sink which answers a `Result` itself.

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
    fn store(amount: Result<i64, ParseIntError>) -> Result<(), ParseIntError> {
        assert!(amount? > 0);
        Ok(())
    }
    #[sink(from = amount, on_error = skip)]
    async fn report(amount: Tracked<Result<i64, ParseIntError>>) -> Result<Done, ParseIntError> {
        Ok(amount.transpose()?.done())
    }
    #[sink(from = amount)]
    fn check(amount: &Result<i64, ParseIntError>) -> Result<(), String> {
        match amount {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
