//! Leak: the elements of one branch have no partners in the other.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn lines(x: i64) -> Vec<i64> {
        vec![x; 3]
    }

    #[map(from = order)]
    fn left(x: i64) -> i64 {
        x + 1
    }

    #[sink(from = left.zip(lines.flatten()))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() -> ExitCode {
    shop::main()
}
