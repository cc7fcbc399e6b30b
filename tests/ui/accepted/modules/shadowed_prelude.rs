//! The user's own `Result`, `Option`, `Some`, `Ok`, `Vec` and `Send` do not disturb the generated code.
#![allow(unused)]

use waterhealer::prelude::*;

/// A result of one's own.
pub enum Result {
    Good,
    Bad,
}
/// An option of one's own.
pub enum Option {
    Some,
    None,
}
pub use Option::{None, Some};
/// Not the one of `core`.
pub struct Ok;
/// Not the one of `core`.
pub struct Err;
/// Not the one of `alloc`.
pub struct Vec;
/// Not the one of `core`.
pub trait Send {}
/// Not the one of `core`.
pub trait IntoIterator {}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    async fn price(order: i64) -> core::result::Result<i64, String> {
        core::result::Result::Ok(order)
    }
    #[filter(from = price)]
    fn large(price: &i64) -> bool {
        *price > 10
    }
    #[flat_map(from = large)]
    fn parts(price: Tracked<i64>) -> Tracked<std::vec::Vec<i64>> {
        price.map(|price| vec![price])
    }
    #[sink(from = parts)]
    fn store(part: i64) -> core::result::Result<(), String> {
        core::result::Result::Ok(())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
