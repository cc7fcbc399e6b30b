//! Leak: a receipt is given for a carrier with a `Result` in it.

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
    fn store(amount: Tracked<Result<i64, ParseIntError>>) -> Done {
        if let Err(error) = amount.value() {
            println!("{error} in {}", amount.position());
        }
        amount.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
