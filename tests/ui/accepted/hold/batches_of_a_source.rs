//! A source that reads in batches, and waits for the rest of one only so long.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "numbers", batch = 500, within = "1s")]
    fn number(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = number)]
    fn next(numbers: Batch<i64>) -> Batch<i64> {
        numbers.map(|n| n + 1)
    }
    #[sink(from = next)]
    fn store(numbers: Vec<i64>) {
        assert!(!numbers.is_empty());
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
