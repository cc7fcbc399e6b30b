//! Mistake: a checkpoint keeps a value that has no form to be kept in.

use waterhealer::prelude::*;

pub struct Order(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, checkpoint)]
    fn parse(order: i64) -> Order {
        Order(order)
    }

    #[sink(from = parse)]
    fn store(order: Order) {
        assert!(order.0 >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
