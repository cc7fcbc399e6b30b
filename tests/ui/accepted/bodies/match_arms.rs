//! A `match` whose arms all give the carrier back.

use waterhealer::prelude::*;

/// A price.
pub enum Price {
    Free,
    Cents(i64),
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<Price> {
        match *order {
            0 => order.put(Price::Free),
            1..100 => order.map(Price::Cents),
            _ => {
                let (cents, empty) = order.take();
                empty.put(Price::Cents(cents / 2))
            }
        }
    }
    #[sink(from = price)]
    fn store(price: Tracked<Price>) -> Result<Done, String> {
        match price.value() {
            Price::Free => Err("free".to_owned()),
            Price::Cents(cents) if *cents < 0 => Err("negative".to_owned()),
            Price::Cents(_) => Ok(price.done()),
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
