//! Nodes that are lent their value, sync and async.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: &i64) -> i64 {
        order * 2
    }
    #[map(from = price)]
    async fn text(price: &i64) -> String {
        price.to_string()
    }
    #[flat_map(from = text)]
    fn letters(text: &String) -> Vec<char> {
        text.chars().collect()
    }
    #[sink(from = letters)]
    fn store(letter: &char) {
        assert!(letter.is_ascii());
    }
    #[sink(from = text)]
    async fn report(text: &String) -> Result<(), String> {
        if text.is_empty() {
            Err(text.clone())
        } else {
            Ok(())
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
