//! Leak: two carriers in, one out: one could stand in for the other.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn join(left: Tracked<i64>, right: Tracked<i64>) -> Tracked<i64> {
        drop(right);
        left
    }
    #[sink(from = join)]
    fn store(joined: i64) {
        assert!(joined > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
