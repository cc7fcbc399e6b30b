//! Nodes that hold the carrier, or look at it: position, key, headers and timestamp.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<String> {
        let offset = order.position().offset;
        order.map(|order| format!("{offset}: {order}"))
    }
    #[filter(from = price)]
    fn keyed(price: &Tracked<String>) -> bool {
        price.key().is_some() && price.headers().count() == 0
    }
    #[flat_map(from = keyed)]
    fn letters(price: Tracked<String>) -> Tracked<Vec<char>> {
        price.map(|price| price.chars().collect())
    }
    #[map(from = letters)]
    fn stamped(letter: &Tracked<char>) -> (char, Option<i64>) {
        (**letter, letter.timestamp())
    }
    #[sink(from = stamped)]
    fn look(stamped: &Tracked<(char, Option<i64>)>) {
        assert!(stamped.value().1.is_some());
    }
    #[sink(from = stamped)]
    fn store(stamped: Tracked<(char, Option<i64>)>) -> Done {
        stamped.done()
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
