//! Mistake: a source that cannot fail is to be called again, and one is to let keys pass one another.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", retry(max = 5))]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(topic = "returns", retry(max = 5), order_by = key)]
    fn returned(record: &Record<'_>) -> Result<i64, std::num::ParseIntError> {
        record.text().unwrap_or_default().parse()
    }

    #[sink(from = order.union(returned))]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
