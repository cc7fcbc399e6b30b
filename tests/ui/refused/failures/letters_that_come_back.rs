//! Records that fail go to a topic that the pipeline reads: by name, in a list, and from a node in the middle.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topics = ["orders", "retries"], on_error = dead_letter("retries"))]
    fn order(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = order, on_error = dead_letter("orders", style = spring))]
    fn price(order: u64) -> Result<u64, String> {
        order.checked_mul(3).ok_or_else(|| "too dear".to_owned())
    }

    #[sink(from = price)]
    fn store(_order: u64) {}
}

fn main() {}
