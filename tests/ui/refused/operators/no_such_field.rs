//! Mistake: a field that the value has not.

use waterhealer::prelude::*;

/// Two numbers.
#[derive(Clone)]
pub struct Pair {
    left: i64,
    right: i64,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn pair(x: i64) -> Pair {
        Pair { left: x, right: x }
    }

    #[sink(from = pair.pluck(middle))]
    fn store(x: i64) {
        assert!(x > 0);
    }
    #[sink(from = pair.pluck([left, right]))]
    fn both(x: (i64, i64)) {
        assert!(x.0 == x.1);
    }
}

fn main() -> ExitCode {
    shop::main()
}
