//! The name of a dead-letter topic is one that Kafka takes.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", on_error = dead_letter("failed orders"))]
    fn order(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[sink(from = order)]
    fn store(_order: u64) {}
}

fn main() {}
