//! Mistake: the field is of another type than the node takes.

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

    #[sink(from = pair.pluck(left))]
    fn store(x: String) {
        assert!(!x.is_empty());
    }
    #[sink(from = pair.pluck(right))]
    fn other(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
