//! The seeds' diamond: five records become a batch, the batch goes two ways, and what comes back from both is one value
//! again. The two ways start at one node, so `zip` pairs by record: a pair is of one batch, and the batch's offsets are
//! committed when its pair is finished.
//!
//! `cargo run --example diamond`, or on a real broker: `cargo run --example diamond -- --brokers 127.0.0.1:9092`

use serde::Deserialize;
use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-diamond";
const GROUP: &str = "waterhealer-diamond";

/// A record's value. A batch of them goes two ways, so it is `Clone`.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    i: u64,
    data: u64,
}

#[pipeline(group = "waterhealer-diamond")]
pub(crate) mod diamond {
    use super::*;

    #[source(topic = "waterhealer-diamond")]
    fn line(record: &Record<'_>) -> Result<String, std::str::Utf8Error> {
        record.text().map(str::to_owned)
    }

    #[map(from = line.partition(5, within = "200ms"))]
    fn json_loads(lines: Batch<String>) -> Batch<Row> {
        lines.try_map(|line| serde_json::from_str(&line))
    }

    #[map(from = json_loads)]
    fn increment_left(rows: Batch<Row>) -> Batch<u64> {
        rows.map(|row| row.data + 1)
    }

    #[map(from = json_loads)]
    fn increment_right(rows: Batch<Row>) -> Batch<(u64, u64)> {
        rows.map(|row| (row.i, row.data + 1))
    }

    /// Both sides are of one batch, in its order.
    #[map(from = increment_left.zip(increment_right))]
    fn combine((left, right): (Vec<u64>, Vec<(u64, u64)>)) -> Vec<(u64, u64)> {
        let pairs = left.into_iter().zip(right);
        pairs.map(|(left, (i, right))| (i, left + right)).collect()
    }

    #[sink(from = combine)]
    fn print(sums: Vec<(u64, u64)>) {
        let sums: Vec<String> = sums.iter().map(|(i, sum)| format!("{i}: {sum}")).collect();
        println!("    {}", sums.join(", "));
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    let lines = (0..12).map(|i| format!(r#"{{"i": {i}, "data": {}}}"#, i + 1));
    stage.fill(TOPIC, lines)?;
    println!("twelve records, in batches of five; the last two do not wait for more:");
    let pipeline = diamond::pipeline().config(stage.config().until_end());
    let report = pipeline.run().await?;
    println!("{} records finished", report.finished);
    match stage.committed(GROUP, TOPIC)? {
        Some(offset) => println!("committed offset: {offset}"),
        None => println!("nothing is committed"),
    }
    Ok(())
}
