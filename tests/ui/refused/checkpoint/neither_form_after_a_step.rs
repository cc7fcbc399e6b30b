//! Mistake: a checkpoint behind an operator keeps rows that have no form to be kept in.

use waterhealer::prelude::*;

pub struct Order(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Order {
        Order(record.offset())
    }

    #[sink(from = order.partition(5, within = "1s").checkpoint())]
    fn store(orders: Vec<Order>) {
        assert!(orders.iter().all(|order| order.0 >= 0));
    }
}

fn main() -> ExitCode {
    shop::main()
}
