//! Mistake: no further attempt, and times that go backwards.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order, retry(max = 0))]
    fn some(x: &i64) -> Result<bool, std::io::Error> {
        Ok(*x > 0)
    }

    #[map(from = some, retry(max = 5, backoff = "10s..100ms"))]
    fn price(x: i64) -> Result<i64, std::io::Error> {
        Ok(x * 2)
    }

    #[sink(from = price)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
