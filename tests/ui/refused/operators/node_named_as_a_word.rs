//! Mistake: a node that an operator takes for its option; told once.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn hold(order: i64) -> i64 {
        order * 120
    }

    #[sink(from = order.zip(hold))]
    fn store((order, held): (i64, i64)) {
        println!("{order} {held}");
    }
}

fn main() -> ExitCode {
    shop::main()
}
