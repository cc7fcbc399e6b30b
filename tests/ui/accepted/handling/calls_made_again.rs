//! Every way to take a value, made again; errors that say for themselves whether that makes sense.

use waterhealer::prelude::*;
use waterhealer::{BoxError, terminal};

/// A value that cannot be cloned.
pub struct Once(i64);

/// Moved, looked at, carried, in batches.
#[derive(Debug)]
pub enum Refusal {
    Busy,
    Never,
}

impl Refusal {
    fn is_busy(&self) -> bool {
        matches!(self, Refusal::Busy)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refusal {}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = order, retry(max = 5, backoff = "100ms..10s", jitter, on = Refusal::is_busy))]
    fn moved(x: i64) -> Result<i64, Refusal> {
        if x < 0 { Err(Refusal::Never) } else { Ok(x) }
    }

    #[map(from = moved, retry(max = 5))]
    fn single(x: &i64) -> Result<Once, BoxError> {
        if *x == 1 {
            return Err(terminal("one").into());
        }
        Ok(Once(*x))
    }

    #[filter(from = single, retry(max = 1), order_by = none)]
    fn some(once: &Once) -> Result<bool, Refusal> {
        if once.0 == 2 { Err(Refusal::Busy) } else { Ok(once.0 > 2) }
    }

    #[map(from = some, concurrency = 8, order_by = partition, retry(max = 2), timeout = "30s")]
    async fn looked_at(once: &Once) -> Result<i64, std::io::Error> {
        Ok(once.0)
    }

    #[flat_map(from = looked_at, retry(max = 2))]
    fn parts(x: i64) -> Result<Vec<i64>, std::io::Error> {
        Ok(vec![x, x + 1])
    }

    #[accumulate(from = parts, start = 0, volatile, any_order, retry(max = 2))]
    fn sum(sum: i64, x: &i64) -> Result<i64, std::io::Error> {
        Ok(sum + x)
    }

    #[map(from = sum, concurrency = 4, order_by = key, retry(max = 2))]
    async fn carried(x: Tracked<i64>) -> Result<Tracked<i64>, std::io::Error> {
        Ok(x)
    }

    #[map(from = carried.partition(10, within = "1s"), retry(max = 2, on = refused))]
    fn batch(rows: Batch<i64>) -> Result<Batch<i64>, std::io::Error> {
        Ok(rows.map(|row| row * 2))
    }

    #[foreach_map(from = batch, retry(max = 2))]
    fn each(x: &i64) -> Result<i64, std::io::Error> {
        Ok(*x)
    }

    #[foreach_async(from = each, retry(max = 2), timeout = "1s")]
    async fn together(x: i64) -> i64 {
        x
    }

    #[sink(from = together, retry(max = 2))]
    async fn store(rows: Batch<i64>) -> Result<Done, std::io::Error> {
        Ok(rows.done())
    }

    #[sink(from = sum, topic = "sums", retry(max = 2))]
    fn publish(sum: i64) -> Result<KafkaMessage, std::io::Error> {
        Ok(KafkaMessage::new(sum.to_string()))
    }

    fn refused(error: &std::io::Error) -> bool {
        error.kind() == std::io::ErrorKind::ConnectionRefused
    }
}

fn main() {
    let _pipeline = shop::pipeline();
}
