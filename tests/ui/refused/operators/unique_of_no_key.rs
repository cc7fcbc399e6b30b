//! Mistake: values that cannot be compared need a key.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(x: i64) -> f64 {
        x as f64
    }

    #[sink(from = price.unique())]
    fn store(x: f64) {
        assert!(x > 0.0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
