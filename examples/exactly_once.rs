//! Outputs that come once: what a run that fails has written is never seen, and the run after it writes it again.
//!
//! A topic holds the values 1 to 6; `plus_one` fails above 3, and what it makes goes to a second topic. The pipeline is run
//! twice: with the mistake, and mended. After each run the second topic is read as any consumer of committed records does.
//!
//! The broker inside this process answers as if it knew transactions, and hides nothing: this needs a real one.
//! `cargo run --example exactly_once -- --brokers 127.0.0.1:9092`

use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-exactly-once";
const OUTPUT: &str = "waterhealer-exactly-once-out";
const GROUP: &str = "waterhealer-exactly-once";

/// Up to which value the stage works: the mistake, and what is mended later.
pub struct Limit(u64);

#[pipeline(group = "waterhealer-exactly-once", delivery = exactly_once)]
pub(crate) mod exactly_once {
    use super::*;

    #[source(topic = "waterhealer-exactly-once")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = number)]
    fn plus_one(number: u64, limit: &Limit) -> Result<u64, String> {
        if number > limit.0 {
            return Err(format!("{number} is bigger than {}!", limit.0));
        }
        println!("    {number} + 1 = {}", number + 1);
        Ok(number + 1)
    }

    #[sink(from = plus_one, topic = "waterhealer-exactly-once-out")]
    fn publish(number: u64) -> KafkaMessage {
        KafkaMessage::new(number.to_string())
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    if stage.is_embedded() {
        println!(
            "this example needs a real broker, with `-- --brokers HOST:PORT`: this one aborts no transaction"
        );
        return Ok(());
    }
    stage.topic(TOPIC, GROUP).await?;
    stage.topic(OUTPUT, GROUP).await?;
    stage.fill(TOPIC, (1..=6).map(|number: u64| number.to_string()))?;

    let runs = [
        ("first run, a stage fails above 3", Limit(3), 0),
        ("second run, the mistake mended", Limit(u64::MAX), 6),
    ];
    for (title, limit, outputs) in runs {
        println!("{title}:");
        let pipeline = exactly_once::pipeline(exactly_once::Resources { limit });
        match pipeline.config(stage.config().until_end()).run().await {
            Ok(report) => println!("    read to the end: {} records finished", report.finished),
            Err(error) => println!("    ended: {error}"),
        }
        let visible = stage.read(OUTPUT, outputs)?;
        let visible: Vec<_> = visible.into_iter().map(|(_, value)| value).collect();
        println!("    visible in `{OUTPUT}`: [{}]", visible.join(", "));
        println!(
            "    committed offset: {:?}\n",
            stage.committed(GROUP, TOPIC)?
        );
    }
    Ok(())
}
