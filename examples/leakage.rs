//! The seeds' leak: `increment_left` answers a list with fewer rows than it was given, and the offsets of the others are
//! never committed. Written like this over a `Batch` it does not compile: a list is no batch, and a batch cannot be made of
//! one (`tests/ui/refused/carrier/rows_dropped.rs`). What the types do not see, such as a bulk call that answers too few
//! values, fails the batch when it happens. Mended, it says what it means: rows that are let go are finished.
//!
//! `cargo run --example leakage`, or on a real broker: `cargo run --example leakage -- --brokers 127.0.0.1:9092`

use serde::Deserialize;
use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-leakage";
const GROUP: &str = "waterhealer-leakage";

/// A record's value, and what `increment_left` adds to it.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    data: u64,
    #[serde(default)]
    left: u64,
}

/// Whether the mistake is mended.
pub struct Mended(bool);

fn increment(row: Row) -> Row {
    Row {
        left: row.data + 1,
        ..row
    }
}

#[pipeline(group = "waterhealer-leakage")]
pub(crate) mod leakage {
    use super::*;

    #[source(topic = "waterhealer-leakage")]
    fn row(record: &Record<'_>) -> Result<Row, serde_json::Error> {
        record.json()
    }

    #[map(from = row.partition(5, within = "200ms"))]
    fn increment_left(rows: Batch<Row>, mended: &Mended) -> Batch<Row> {
        let small = |row: &Row| row.data < 3;
        if mended.0 {
            rows.retain(small).map(increment)
        } else {
            rows.replace_with(|rows| rows.into_iter().filter(small).map(increment).collect())
        }
    }

    #[sink(from = increment_left)]
    fn print(rows: Vec<Row>) {
        let rows = rows
            .iter()
            .map(|row| format!("{} → {}", row.data, row.left));
        println!("    {}", rows.collect::<Vec<_>>().join(", "));
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, (1..=5).map(|data| format!(r#"{{"data": {data}}}"#)))?;
    println!("five records, of which two are to go on\n");

    for (title, mended) in [
        ("two values in the place of five rows", false),
        ("three of the rows let go", true),
    ] {
        println!("{title}:");
        let mended = Mended(mended);
        let pipeline = leakage::pipeline(leakage::Resources { mended });
        match pipeline.config(stage.config().until_end()).run().await {
            Ok(report) => println!("    read to the end: {} records finished", report.finished),
            Err(error) => println!("    ended: {error}"),
        }
        match stage.committed(GROUP, TOPIC)? {
            Some(offset) => println!("    committed offset: {offset}\n"),
            None => println!("    nothing is committed\n"),
        }
    }
    Ok(())
}
