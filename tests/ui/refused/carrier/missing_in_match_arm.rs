//! Leak: one arm of a `match` answers nothing.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Result<Tracked<i64>, String> {
        match *order {
            0 => Err("nothing is free".to_owned()),
            1..100 => Ok(order),
            _ => Ok(()),
        }
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
