//! The rows of a batch are worked on together: each waits 100 ms, and the five of a batch wait at the same time. What they
//! answer keeps the order of the rows.
//!
//! `cargo run --example foreach_async`, or on a real broker: `cargo run --example foreach_async -- --brokers 127.0.0.1:9092`

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-foreach-async";
const GROUP: &str = "waterhealer-foreach-async";

/// How many rows wait at this moment, and the most that did at one.
#[derive(Default)]
pub struct Waiting {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Waiting {
    async fn a_moment(&self) {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(100)).await;
        self.now.fetch_sub(1, Ordering::Relaxed);
    }
}

#[pipeline(group = "waterhealer-foreach-async")]
pub(crate) mod foreach_async {
    use super::*;

    #[source(topic = "waterhealer-foreach-async")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[foreach_async(from = number.partition(5, within = "200ms"))]
    async fn doubled(number: u64, waiting: &Waiting) -> u64 {
        waiting.a_moment().await;
        number * 2
    }

    #[sink(from = doubled)]
    fn print(numbers: Vec<u64>, waiting: &Waiting) {
        let most = waiting.most.load(Ordering::Relaxed);
        println!("    {numbers:?}, {most} of them waited at the same time");
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, (0..10).map(|number: u64| number.to_string()))?;
    println!("the values 0 to 9, in batches of five, doubled:");
    let resources = foreach_async::Resources {
        waiting: Waiting::default(),
    };
    let pipeline = foreach_async::pipeline(resources).config(stage.config().until_end());
    let report = pipeline.run().await?;
    println!("{} records finished", report.finished);
    Ok(())
}
