//! Every kind of node that may wait, async, with an error.

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

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(order: i64) -> Result<i64, Refused> {
        order.checked_mul(2).ok_or(Refused)
    }
    #[filter(from = price, on_error = skip)]
    async fn large(price: &i64) -> Result<bool, Refused> {
        if *price < 0 {
            Err(Refused)
        } else {
            Ok(*price > 10)
        }
    }
    #[flat_map(from = large)]
    async fn parts(price: i64) -> std::result::Result<Vec<i64>, Refused> {
        Ok(vec![price])
    }
    #[sink(from = parts)]
    async fn store(part: i64) -> std::io::Result<()> {
        if part == 0 {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        Ok(())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
