//! The smallest graph of the seeds, of their notebook `simple-metrics`: a source, a function, a sink. It shows that a
//! pipeline knows its own graph, here as Mermaid. A program whose `main` is the pipeline's prints it with
//! `graph --format mermaid`, or as `dot`, `svg`, `json`.
//!
//! `cargo run --example simple_metrics`, or on a real broker: `cargo run --example simple_metrics -- --brokers 127.0.0.1:9092`

use waterhealer::Format;
use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-simple-metrics";
const GROUP: &str = "waterhealer-simple-metrics";

#[pipeline(group = "waterhealer-simple-metrics")]
pub(crate) mod simple_metrics {
    use super::*;

    #[source(topic = "waterhealer-simple-metrics")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = number)]
    fn inc(number: u64) -> u64 {
        number + 1
    }

    #[sink(from = inc)]
    fn print(number: u64) {
        println!("    {number}");
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, (0..5).map(|number: u64| number.to_string()))?;
    let pipeline = simple_metrics::pipeline();
    println!("{}", pipeline.graph(Format::Mermaid));
    println!("the values 0 to 4, one more each:");
    let report = pipeline.config(stage.config().until_end()).run().await?;
    println!("{} records finished", report.finished);
    Ok(())
}
