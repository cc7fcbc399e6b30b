//! Mistake: the state is given to the function, and comes back from it.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[accumulate(from = order, start = 0, volatile)]
    fn total(total: &mut i64, x: i64) -> i64 {
        *total += x;
        *total
    }

    #[sink(from = total)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
