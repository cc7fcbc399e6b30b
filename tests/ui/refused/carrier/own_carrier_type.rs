//! Leak: a type of the user's own with the carrier's name, which nothing makes give the carrier back.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    /// Forgets what it is given.
    pub struct Tracked<'r, T>(std::marker::PhantomData<(&'r (), T)>);
    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<i64> {
        order
    }
    #[sink(from = price)]
    fn store(price: i64) {
        assert!(price > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
