//! Leak: a sink answers a `Result` in a `Result`, whose error nobody reads.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64) -> Result<Result<(), String>, String> {
        if order > 0 {
            Ok(Err(order.to_string()))
        } else {
            Err("none".to_owned())
        }
    }
}

fn main() -> ExitCode {
    shop::main()
}
