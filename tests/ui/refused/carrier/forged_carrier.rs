//! Leak: a carrier is made from the parts of another.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<String> {
        Tracked {
            value: order.to_string(),
            origin: order.origin,
        }
    }
    #[sink(from = price)]
    fn store(price: String) {
        assert!(!price.is_empty());
    }
}

fn main() -> ExitCode {
    shop::main()
}
