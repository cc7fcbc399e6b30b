//! Leak: an inner zip that cannot pair is told, and not once more for the zip around it.

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

    #[map(from = left.zip(lines))]
    fn inner(x: (i64, i64)) -> i64 {
        x.0
    }

    #[sink(from = left.zip(inner))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() -> ExitCode {
    shop::main()
}
