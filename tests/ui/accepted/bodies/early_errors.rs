//! Early `return` with an error, or with the carrier.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Result<Tracked<i64>, String> {
        if *order < 0 {
            return Err(format!("{} is negative", *order));
        }
        if *order == 0 {
            return Ok(order);
        }
        Ok(order.map(|order| order * 2))
    }
    #[sink(from = price)]
    fn store(price: Tracked<i64>) -> Done {
        if *price > 100 {
            return price.done();
        }
        assert!(*price < 101);
        price.done()
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
