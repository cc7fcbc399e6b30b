//! Mistake: every node of the pipeline has a checkpoint, and values of some have no form to be kept in. All are told.

use waterhealer::prelude::*;

pub struct Order(i64);

#[pipeline(group = "shop", checkpoint)]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Result<Order, std::str::Utf8Error> {
        record.text().map(|text| Order(text.len() as i64))
    }

    #[filter(from = order)]
    fn large(order: &Order) -> bool {
        order.0 > 10
    }

    #[flat_map(from = large)]
    fn parts(order: Order) -> Vec<i64> {
        vec![order.0]
    }

    #[sink(from = parts)]
    fn store(part: i64) {
        assert!(part > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
