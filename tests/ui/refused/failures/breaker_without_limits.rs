//! A breaker needs a limit that can be reached.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", on_error = skip, breaker)]
    fn order(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = order, on_error = skip, breaker(share = "150% of 1000"))]
    fn price(order: u64) -> Result<u64, String> {
        order.checked_mul(3).ok_or_else(|| "too dear".to_owned())
    }

    #[sink(from = price, on_error = skip, breaker(consecutive = 0))]
    fn store(order: u64) -> Result<(), String> {
        order.checked_mul(3).map(|_| ()).ok_or_else(|| "too dear".to_owned())
    }
}

fn main() {}
