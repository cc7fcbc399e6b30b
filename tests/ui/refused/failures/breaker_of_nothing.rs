//! A breaker where the first failure halts: by default, and said so.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", breaker(consecutive = 100))]
    fn order(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[sink(from = order, on_error = halt, breaker(share = "20% of 1000"))]
    fn store(order: u64) -> Result<(), String> {
        order.checked_mul(3).map(|_| ()).ok_or_else(|| "too dear".to_owned())
    }
}

fn main() {}
