//! Helper functions over any carrier, with a brand of their own.

use waterhealer::prelude::*;

fn noted<'r, T: std::fmt::Debug>(x: Tracked<'r, T>) -> Tracked<'r, (T, String)> {
    let note = format!("{:?}", x.value());
    x.map(|value| (value, note))
}
fn twice<T>(x: Tracked<'_, T>) -> Tracked<'_, T> {
    let (value, empty) = x.take();
    empty.put(value)
}
async fn slowly<'r, T, U>(
    x: Tracked<'r, T>,
    change: impl FnOnce(T) -> U,
) -> Result<Tracked<'r, U>, String> {
    tokio::task::yield_now().await;
    Ok(x.map(change))
}
fn finish<T>(x: Tracked<'_, T>) -> Done<'_> {
    x.done()
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(order: Tracked<i64>) -> Tracked<(i64, String)> {
        twice(noted(order))
    }
    #[map(from = price)]
    async fn late(price: Tracked<(i64, String)>) -> Result<Tracked<i64>, String> {
        slowly(price, |(cents, _)| cents).await
    }
    #[sink(from = late)]
    fn store(price: Tracked<i64>) -> Done {
        finish(price)
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
