//! Mistake: each value of a window is in several batches, so that it must be `Clone`.

use waterhealer::prelude::*;

/// No `Clone`.
pub struct Own(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn own(x: i64) -> Own {
        Own(x)
    }

    #[sink(from = own.sliding_window(3))]
    fn store(x: Vec<Own>) {
        assert!(x[0].0 > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
