//! Every kind of node with an error, and a policy for it.

use waterhealer::prelude::*;

/// What can go wrong.
#[derive(Debug)]
pub struct Refused;
impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}
impl std::error::Error for Refused {}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", on_error = skip)]
    fn order(record: &Record<'_>) -> Result<i64, std::num::ParseIntError> {
        record.text().unwrap_or("0").parse()
    }
    #[map(from = order, on_error = halt)]
    fn price(order: i64) -> Result<i64, Refused> {
        order.checked_mul(2).ok_or(Refused)
    }
    #[filter(from = price, on_error = skip)]
    fn large(price: &i64) -> Result<bool, Refused> {
        if *price < 0 {
            Err(Refused)
        } else {
            Ok(*price > 10)
        }
    }
    #[flat_map(from = large)]
    fn parts(price: i64) -> Result<Vec<i64>, String> {
        (price > 0)
            .then(|| vec![price])
            .ok_or_else(|| "nothing".to_owned())
    }
    #[sink(from = parts)]
    fn store(part: i64) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        if part == 0 {
            Err("zero")?
        }
        Ok(())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
