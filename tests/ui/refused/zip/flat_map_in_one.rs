//! Leak: one branch gives several values for one, so that most of them never find a partner.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn left(x: i64) -> i64 {
        x + 1
    }

    #[flat_map(from = order)]
    fn lines(x: i64) -> Vec<i64> {
        vec![x; 3]
    }

    #[sink(from = left.zip(lines))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() -> ExitCode {
    shop::main()
}
