//! Mistake: a sink's checkpoint keeps what the sink is given, and that has no form to be kept in.

use waterhealer::prelude::*;

pub struct Order(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Order {
        Order(record.offset())
    }

    #[sink(from = order, checkpoint)]
    async fn store(order: Order) {
        assert!(order.0 >= 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
