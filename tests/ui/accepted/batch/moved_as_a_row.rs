//! A stage may do with values what it likes, as long as the batch comes back: early returns, `?`, helpers, closures, moves.

use waterhealer::prelude::*;

fn helper<'record, T, U>(rows: Batch<'record, T>, change: impl Fn(T) -> U) -> Batch<'record, U> {
    rows.map(change)
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order.partition(500, within = "1s"))]
    fn price(rows: Batch<i64>) -> Result<Batch<i64>, std::num::TryFromIntError> {
        if rows.is_empty() {
            return Ok(rows);
        }
        let first = u32::try_from(rows[0])?;
        let boxed = Box::new(rows);
        let rows = helper(*boxed, |row| row + i64::from(first));
        let mut kept = Some(rows);
        Ok(loop {
            if let Some(rows) = kept.take() {
                break rows;
            }
        })
    }
    #[sink(from = price)]
    async fn store(rows: Batch<i64>) -> Done {
        let rows = match rows.iter().max() {
            Some(0) => rows.retain(|row| *row == 0),
            _ => rows.for_each_chunk(10, |chunk| assert!(chunk.len() <= 10)),
        };
        tokio::task::yield_now().await;
        rows.done()
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
