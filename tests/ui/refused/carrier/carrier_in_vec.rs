//! Leak: any number of carriers for one, also none.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[flat_map(from = order)]
    fn split(order: Tracked<i64>) -> Vec<Tracked<i64>> {
        vec![order]
    }
    #[sink(from = split)]
    fn store(part: i64) {
        assert!(part > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
