//! A carrier that goes round in a loop.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn price(mut order: Tracked<i64>) -> Tracked<i64> {
        for step in 0..3 {
            order = order.map(|order| order + step);
        }
        while *order % 2 == 1 {
            *order.value_mut() += 1;
        }
        loop {
            if *order > 10 {
                break order;
            }
            order = order.map(|order| order * 2 + 1);
        }
    }
    #[sink(from = price)]
    async fn store(price: Tracked<i64>) -> Result<Done, String> {
        let mut attempts = 0;
        while attempts < 3 {
            attempts += 1;
            tokio::task::yield_now().await;
            if *price > attempts {
                return Ok(price.done());
            }
        }
        Err("gave up".to_owned())
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
