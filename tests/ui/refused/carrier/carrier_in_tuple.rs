//! Leak: two carriers in a tuple, one out.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store((left, right): (Tracked<i64>, Tracked<i64>)) -> Done {
        drop(right);
        left.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
