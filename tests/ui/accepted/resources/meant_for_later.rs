//! A resource that is not used on purpose, and a body that is still to be written.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: i64, _rate: &i64) -> i64 {
        order
    }
    #[sink(from = price)]
    #[expect(unused_variables, reason = "not written yet")]
    fn store(_price: i64, fee: &i64) {
        todo!("written once the fee is known")
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { _rate: 2, fee: 1 });
}
