//! A graph that branches, of the seeds' notebook `complex-metrics`: one way has one function, the other two, and what they
//! make of the same record is added. It shows a function of two values, whose parameter is a tuple pattern, and the graph as
//! Mermaid.
//!
//! `cargo run --example complex_metrics`, or on a real broker: `cargo run --example complex_metrics -- --brokers 127.0.0.1:9092`

use waterhealer::Format;
use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-complex-metrics";
const GROUP: &str = "waterhealer-complex-metrics";

#[pipeline(group = "waterhealer-complex-metrics")]
pub(crate) mod complex_metrics {
    use super::*;

    #[source(topic = "waterhealer-complex-metrics")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = number)]
    fn inc(number: u64) -> u64 {
        number + 1
    }

    #[map(from = inc)]
    fn inc_again(number: u64) -> u64 {
        number + 1
    }

    #[map(from = number)]
    fn inc_right(number: u64) -> u64 {
        number + 1
    }

    #[map(from = inc_right.zip(inc_again))]
    fn sum((right, left): (u64, u64)) -> u64 {
        right + left
    }

    #[sink(from = sum)]
    fn print(number: u64) {
        println!("    {number}");
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, (0..5).map(|number: u64| number.to_string()))?;
    let pipeline = complex_metrics::pipeline();
    println!("{}", pipeline.graph(Format::Mermaid));
    println!("of the values 0 to 4, (n + 1) + (n + 1 + 1) each:");
    let report = pipeline.config(stage.config().until_end()).run().await?;
    println!("{} records finished", report.finished);
    Ok(())
}
