//! Mistake: an `impl Trait` as a resource.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: i64, show: &impl Fn(i64)) {
        show(order);
    }
}

fn main() -> ExitCode {
    shop::main()
}
