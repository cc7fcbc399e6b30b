//! Nodes that hold the carrier and may answer an error in its place.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> Result<String, std::str::Utf8Error> {
        record.text().map(str::to_owned)
    }

    #[map(from = order)]
    fn parse(order: Tracked<String>) -> Result<Tracked<i64>, std::num::ParseIntError> {
        order.try_map(|order| order.parse())
    }
    #[map(from = parse)]
    async fn price(order: Tracked<i64>) -> Result<Tracked<i64>, String> {
        if *order < 0 {
            return Err("negative".to_owned());
        }
        Ok(order)
    }
    #[filter(from = price)]
    fn large(price: &Tracked<i64>) -> Result<bool, String> {
        Ok(**price > 10)
    }
    #[sink(from = large)]
    fn look(price: &Tracked<i64>) -> Result<(), String> {
        if **price > 0 {
            Ok(())
        } else {
            Err("zero".to_owned())
        }
    }
    #[sink(from = large)]
    async fn store(price: Tracked<i64>) -> Result<Done, String> {
        if *price > 0 {
            Ok(price.done())
        } else {
            Err("zero".to_owned())
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
