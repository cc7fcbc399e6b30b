//! Mistake: a value that is needed again is gone.

use waterhealer::prelude::*;

pub struct Order(i64);

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order)]
    fn read(x: i64) -> Order {
        Order(x)
    }

    #[map(from = read, retry(max = 5))]
    fn once(order: Order) -> Result<Order, std::io::Error> {
        Ok(order)
    }

    #[map(from = once, concurrency = 8, retry(max = 5))]
    async fn price(order: Tracked<Order>) -> Result<Tracked<i64>, std::io::Error> {
        Ok(order.map(|order| order.0 * 2))
    }

    #[sink(from = price)]
    fn store(x: i64) {
        assert!(x > 0);
    }
}

fn main() -> ExitCode {
    shop::main()
}
