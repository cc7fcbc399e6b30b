//! Closures and scoped threads may borrow or hold the carrier, since they give it back before the call ends.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<i64> {
        let cents =
            std::thread::scope(|scope| scope.spawn(|| *order * 2).join().unwrap_or_default());
        let put = move || order.put(cents);
        put()
    }
    #[sink(from = price)]
    fn store(price: Tracked<i64>) -> Done {
        let receipts: Vec<Done<'_>> = std::iter::once(price).map(|price| price.done()).collect();
        let mut receipts = receipts.into_iter();
        match receipts.next() {
            Some(receipt) => receipt,
            None => unreachable!("one went in"),
        }
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
