//! What is given by hand, read from a file, or told after a commit is no record of Kafka.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(emit, on_error = dead_letter("failed"))]
    fn by_hand(order: u64) -> Result<u64, String> {
        order.checked_mul(2).ok_or_else(|| "too many".to_owned())
    }

    #[source(lines = "orders.txt")]
    fn line(line: String) -> u64 {
        line.len() as u64
    }

    #[map(from = line.union(by_hand), on_error = dead_letter("failed"))]
    fn price(order: u64) -> Result<u64, String> {
        order.checked_mul(3).ok_or_else(|| "too dear".to_owned())
    }

    #[sink(from = price)]
    fn store(_order: u64) {}

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> u64 {
        record.offset().unsigned_abs()
    }

    #[sink(from = order.union(by_hand), on_error = dead_letter)]
    fn keep(order: u64) -> Result<(), String> {
        order.checked_mul(3).map(|_| ()).ok_or_else(|| "too dear".to_owned())
    }

    #[healed(on_error = dead_letter("failed"))]
    fn tell(offsets: &[Position]) -> Result<(), String> {
        offsets.first().map(|_| ()).ok_or_else(|| "none".to_owned())
    }
}

fn main() {}
