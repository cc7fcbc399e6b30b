//! Checkpoints on every kind of node and operator, of values that are `Serialize` and of values that are `Debug` alone.

use waterhealer::prelude::*;

#[derive(Debug, Clone)]
pub struct Order(i64);

#[pipeline(checkpoint, checkpoint_history = 10)]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> Order {
        Order(x)
    }

    #[source(emit)]
    fn flush(x: u8) -> u8 {
        x
    }

    #[map(from = order.buffer(8))]
    async fn price(order: Order) -> Result<Order, String> {
        Ok(order)
    }

    #[filter(from = price, retry(max = 1), on_error = skip)]
    fn large(order: &Order) -> Result<bool, String> {
        Ok(order.0 > 1)
    }

    #[flat_map(from = large)]
    fn parts(order: Order) -> impl Iterator<Item = i64> {
        0..order.0
    }

    #[accumulate(from = parts, start = 0)]
    fn total(total: i64, part: i64) -> i64 {
        total + part
    }

    #[foreach_map(from = total.collect(flush))]
    fn each(total: i64) -> i64 {
        total
    }

    #[sink(from = each.flatten().zip(1))]
    fn store(pair: (i64, i32)) {
        assert!(pair.1 == 1);
    }

    #[map(from = price.partition(2))]
    fn batch(orders: Batch<Order>) -> Batch<Order> {
        orders
    }

    #[sink(from = batch, blocking)]
    fn rows(orders: Batch<Order>) -> Done {
        orders.done()
    }

    #[sink(from = batch.flatten())]
    fn tracked(order: Tracked<Order>) -> Done {
        order.done()
    }
}

#[tokio::main]
async fn main() {
    let pipeline = shop::pipeline();
    let handle = pipeline.handle();
    let emit = async {
        let orders = async {
            tokio::join!(
                handle.emit(shop::Emit::order(2)),
                handle.emit(shop::Emit::order(3))
            )
        };
        let flush = async {
            // All five parts have come to where they are collected.
            let all = |path: &String| handle.checkpoint_history(path).len() == 5;
            let total = |path: &String| path.ends_with("accumulate.total");
            while !handle
                .checkpoint()
                .keys()
                .any(|path| total(path) && all(path))
            {
                tokio::task::yield_now().await;
            }
            handle.emit(shop::Emit::flush(0)).await
        };
        let ((a, b), c) = tokio::join!(orders, flush);
        for emitted in [a, b, c] {
            emitted.unwrap();
        }
    };
    pipeline.run_until(emit).await.unwrap();
}
