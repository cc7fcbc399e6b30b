//! Spans: a record was written inside a span of somebody else's, the pipeline's stand below it, and a collector is sent them. Here it is a
//! small one, inside this program, that prints what it gets as a tree.
//!
//! `cargo run --example traces`, or on a real broker: `cargo run --example traces -- --brokers 127.0.0.1:9092`

use waterhealer::prelude::*;
use waterhealer_examples::{Collector, Stage, StageError};

const ORDERS: &str = "waterhealer-traces";
const PRICED: &str = "waterhealer-traces-priced";
const GROUP: &str = "waterhealer-traces";

#[pipeline(group = "waterhealer-traces")]
pub(crate) mod traces {
    use super::*;

    #[source(topic = "waterhealer-traces")]
    fn order(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = order, on_error = skip)]
    async fn price(pieces: u64) -> Result<u64, String> {
        tokio::task::yield_now().await;
        match pieces {
            13 => Err("nobody sells thirteen".to_owned()),
            _ => Ok(pieces * 3),
        }
    }

    #[sink(from = price, topic = "waterhealer-traces-priced")]
    fn publish(cents: u64) -> KafkaMessage {
        KafkaMessage::json(&cents)
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    for topic in [ORDERS, PRICED] {
        stage.topic(topic, GROUP).await?;
    }
    stage.fill(ORDERS, ["7", "13"])?;

    let collector = Collector::start()?;
    let config = stage.config().until_end();
    let config = config.set("otlp_endpoint", collector.address());
    traces::pipeline().config(config).run().await?;
    print!("{}", collector.tree());
    Ok(())
}
