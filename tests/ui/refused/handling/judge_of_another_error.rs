//! Mistake: what judges the errors is for others.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, retry(max = 5, on = is_busy))]
    fn price(x: i64) -> Result<i64, std::io::Error> {
        Ok(x * 2)
    }

    fn is_busy(error: &std::fmt::Error) -> bool {
        error.to_string().contains("busy")
    }

    #[sink(from = price)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
