//! A source that asks somebody else, and is called again when that fails: for records, lines, names and values sent by hand.

use std::path::PathBuf;

use waterhealer::BoxError;
use waterhealer::prelude::*;

/// Knows how records are written.
pub struct Schemas;

impl Schemas {
    fn decode(&self, bytes: Option<&[u8]>) -> Result<i64, std::io::Error> {
        Ok(bytes.map_or(0, |bytes| bytes.len() as i64))
    }
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders", retry(max = 5, backoff = "100ms..10s", jitter, on = is_away), on_error = dead_letter)]
    fn order(record: &Record<'_>, schemas: &Schemas) -> Result<i64, std::io::Error> {
        schemas.decode(record.value())
    }

    #[source(topics = ["returns", "repairs"], batch = 10, within = "1s", retry(max = 5))]
    fn returned(record: &Record<'_>) -> Result<i64, BoxError> {
        Ok(record.text()?.parse()?)
    }

    #[source(lines = "/dev/null", retry(max = 1))]
    fn line(line: &String) -> Result<i64, BoxError> {
        Ok(line.parse()?)
    }

    #[source(files = "/nowhere/*.csv", retry(max = 1))]
    async fn file(path: PathBuf) -> Result<i64, BoxError> {
        Ok(i64::from(path.is_absolute()))
    }

    #[source(emit, retry(max = 1))]
    fn by_hand(x: Tracked<i64>) -> Result<Tracked<i64>, BoxError> {
        Ok(x)
    }

    #[sink(from = order.union(returned.flatten(), line, file, by_hand))]
    fn store(x: i64) {
        assert!(x >= 0);
    }

    fn is_away(error: &std::io::Error) -> bool {
        error.kind() == std::io::ErrorKind::ConnectionRefused
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources { schemas: Schemas });
}
