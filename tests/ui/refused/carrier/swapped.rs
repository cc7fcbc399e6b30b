//! Leak: the carrier is swapped with another record's, made by a test helper.

use waterhealer::prelude::*;
use waterhealer::testing;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(mut order: Tracked<i64>) -> Done {
        testing::with(0, |mut other| std::mem::swap(&mut order, &mut other));
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
