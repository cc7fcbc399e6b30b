//! A stage that panics or never ends has nothing to give back: it halts when it runs, and that is seen there.

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
        if *order > 0 {
            panic!("no prices for {}", *order)
        } else {
            loop {
                std::thread::park()
            }
        }
    }
    #[sink(from = price)]
    async fn store(price: Tracked<i64>) -> Done {
        assert!(*price > 0);
        std::future::pending().await
    }
    #[sink(from = price)]
    fn report(price: i64) {
        unimplemented!("{price}")
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
