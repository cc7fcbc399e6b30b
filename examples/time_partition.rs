//! What comes within a time of the first record becomes one batch, however much it is. The clock starts with the record,
//! not with the batch before: where nothing comes, there is no batch.
//!
//! `cargo run --example time_partition`, or on a real broker: `cargo run --example time_partition -- --brokers 127.0.0.1:9092`

use std::time::Duration;

use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-time-partition";
const GROUP: &str = "waterhealer-time-partition";

#[pipeline(group = "waterhealer-time-partition", interval = "100ms")]
pub(crate) mod time_partition {
    use super::*;

    #[source(topic = "waterhealer-time-partition")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[sink(from = number.partition_time("500ms"))]
    fn print(numbers: Vec<u64>) {
        println!("    {} records in one batch: {numbers:?}", numbers.len());
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    let pipeline = time_partition::pipeline().config(stage.config());
    let handle = pipeline.handle();
    // Each burst is written when the one before is healed.
    let bursts = async {
        for burst in [1..=6, 7..=8, 9..=13_u64] {
            let end = i64::try_from(*burst.end())?;
            stage.fill(TOPIC, burst.map(|number| number.to_string()))?;
            while stage.committed(GROUP, TOPIC)? != Some(end) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        handle.stop();
        Ok::<_, StageError>(())
    };
    println!("three bursts of records:");
    let run = async { Ok(pipeline.run().await?) };
    let (report, ()) = tokio::try_join!(run, bursts)?;
    println!("{} records finished", report.finished);
    Ok(())
}
