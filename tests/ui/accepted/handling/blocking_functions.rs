//! Functions that block, by each way to take a value, with what may stand beside.

use waterhealer::prelude::*;

/// Shared.
pub struct Factor(i64);

#[pipeline(group = "shop", on_panic = dead_letter("orders-dlq"))]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, blocking)]
    fn heavy(x: i64, factor: &Factor) -> i64 {
        x * factor.0
    }

    #[filter(from = heavy, blocking, concurrency = 4, order_by = key)]
    fn some(x: &i64) -> bool {
        *x > 2
    }

    #[map(from = some, blocking, concurrency = 1, timeout = "30s", retry(max = 1))]
    fn looked_at(x: &i64) -> Result<i64, std::io::Error> {
        Ok(*x)
    }

    #[flat_map(from = looked_at, blocking, on_panic = skip)]
    fn parts(x: i64) -> Vec<i64> {
        vec![x, x + 1]
    }

    #[map(from = parts, blocking)]
    fn carried(x: Tracked<i64>, factor: &Factor) -> Tracked<i64> {
        x.map(|x| x * factor.0)
    }

    #[map(from = carried.partition(10, within = "1s"), blocking, order_by = partition)]
    fn batch(rows: Batch<i64>) -> Batch<i64> {
        rows.map(|row| row * 2)
    }

    #[foreach_map(from = batch, blocking)]
    fn each(x: i64) -> i64 {
        x
    }

    #[sink(from = each.sliding_window(3, any_order), blocking)]
    fn store(last: Vec<Vec<i64>>) -> Result<(), std::io::Error> {
        assert!(last.len() == 3);
        Ok(())
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { factor: Factor(2) });
}
