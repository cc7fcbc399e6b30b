//! Leak: even and odd orders meet again, so that an order may come to one input in two ways.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[filter(from = order)]
    fn even(x: &i64) -> bool {
        x % 2 == 0
    }
    #[filter(from = order)]
    fn odd(x: &i64) -> bool {
        x % 2 == 1
    }

    #[sink(from = order.zip(even.union(odd)))]
    fn store(x: (i64, i64)) {
        assert!(x.0 <= x.1);
    }
}

fn main() -> ExitCode {
    shop::main()
}
