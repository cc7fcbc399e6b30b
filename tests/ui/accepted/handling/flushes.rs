//! Sinks that buffer: plain, carried and in batches, with flushes that wait or not.

use waterhealer::prelude::*;

/// Keeps values.
pub struct Db;

impl Db {
    fn keep(&self, x: i64) {
        assert!(x >= 0);
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order, flush = write_out)]
    fn store(x: &i64, db: &Db) {
        db.keep(*x);
    }

    /// Writes what is kept.
    #[inline]
    async fn write_out(db: &Db) -> Result<(), std::io::Error> {
        db.keep(0);
        Ok(())
    }

    #[sink(from = order, flush = write_now, retry(max = 3))]
    async fn carried(x: Tracked<i64>) -> Result<Done, std::io::Error> {
        Ok(x.done())
    }

    #[sink(from = order.partition(10, within = "1s"), blocking, flush = write_now)]
    fn rows(rows: Batch<i64>) -> Done {
        rows.done()
    }

    fn write_now() {}
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { db: Db });
}
