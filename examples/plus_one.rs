//! The problem that waterhealer heals: a stage fails, the process ends, and the next start must find the record again.
//!
//! A topic holds the values 1 to 6. `plus_one` fails above 3. The pipeline is run three times: with the mistake, with it
//! again, and mended; after each run the group's committed offset is asked of the broker.
//!
//! `cargo run --example plus_one`, or on a real broker: `cargo run --example plus_one -- --brokers 127.0.0.1:9092`

use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-plus-one";
const GROUP: &str = "waterhealer-plus-one";

/// Up to which value the stage works: the mistake, and what is mended later.
pub struct Limit(u64);

#[pipeline(group = "waterhealer-plus-one")]
pub(crate) mod plus_one {
    use super::*;

    #[source(topic = "waterhealer-plus-one")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = number)]
    fn plus_one(number: u64, limit: &Limit) -> Result<u64, String> {
        if number > limit.0 {
            return Err(format!("{number} is bigger than {}!", limit.0));
        }
        Ok(number + 1)
    }

    #[sink(from = plus_one)]
    fn print(number: u64) {
        println!("    {} + 1 = {number}", number - 1);
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, (1..=6).map(|number: u64| number.to_string()))?;
    println!("`{TOPIC}` holds the values 1 to 6 at the offsets 0 to 5\n");

    let runs = [
        ("first run, a stage fails above 3", Limit(3)),
        ("second run, nothing mended", Limit(3)),
        ("third run, the mistake mended", Limit(u64::MAX)),
    ];
    for (title, limit) in runs {
        println!("{title}:");
        let pipeline = plus_one::pipeline(plus_one::Resources { limit });
        match pipeline.config(stage.config().until_end()).run().await {
            Ok(report) => println!("    read to the end: {} records finished", report.finished),
            Err(error) => println!("    ended: {error}"),
        }
        match stage.committed(GROUP, TOPIC)? {
            Some(6) => println!("    committed offset: 6, past the last record\n"),
            Some(offset) => println!(
                "    committed offset: {offset}, where the next start reads the value {}\n",
                offset + 1
            ),
            None => println!("    nothing is committed\n"),
        }
    }
    Ok(())
}
