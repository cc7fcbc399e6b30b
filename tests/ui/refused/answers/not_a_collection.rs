//! Mistake: a flat_map that answers one value.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order)]
    fn parts(order: i64) -> i64 {
        order
    }
    #[sink(from = parts)]
    fn store(part: i64) {
        assert!(part > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
