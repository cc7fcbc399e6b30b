//! Leak: the source reads in batches, and the last one is never full.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "numbers", batch = 500)]
    fn number(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = number)]
    fn store(numbers: Vec<i64>) {
        assert!(numbers.len() == 500);
    }
}

fn main() -> ExitCode {
    shop::main()
}
