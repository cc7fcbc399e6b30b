//! Mistake: a value that is changed in place, which nobody sees.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: &mut i64) -> i64 {
        *order += 1;
        *order
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
