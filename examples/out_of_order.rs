//! Three records are worked on at the same time and come back in another order than they were read: the third after one
//! second, the second after two, and the first fails after five. Nothing is committed past the first: it is read again,
//! and the other two with it.
//!
//! `cargo run --example out_of_order`, or on a real broker: `cargo run --example out_of_order -- --brokers 127.0.0.1:9092`

use std::time::{Duration, Instant};

use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-out-of-order";
const GROUP: &str = "waterhealer-out-of-order";

/// The three workers: how long each takes, whether the first one fails, and since when they work.
pub struct Workers {
    first_fails: bool,
    start: Instant,
}

impl Workers {
    fn say(&self, what: &str) {
        println!("    {:>3.1} s  {what}", self.start.elapsed().as_secs_f64());
    }
}

#[pipeline(group = "waterhealer-out-of-order", interval = "250ms")]
pub(crate) mod out_of_order {
    use super::*;

    #[source(topic = "waterhealer-out-of-order")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = number, concurrency = 3)]
    async fn work(number: u64, workers: &Workers) -> Result<u64, String> {
        let seconds = match number {
            1 => 5,
            2 => 2,
            _ => 1,
        };
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        if number == 1 && workers.first_fails {
            workers.say("record 1 fails");
            return Err("the first worker gives up".to_owned());
        }
        Ok(number)
    }

    #[sink(from = work)]
    fn print(number: u64, workers: &Workers) {
        workers.say(&format!("record {number} is done"));
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, ["1", "2", "3"])?;

    for (title, first_fails) in [
        ("three at once, and the first fails", true),
        ("again, and the first succeeds", false),
    ] {
        println!("{title}:");
        let start = Instant::now();
        let workers = Workers { first_fails, start };
        let pipeline = out_of_order::pipeline(out_of_order::Resources { workers });
        let run = pipeline.config(stage.config().until_end()).run();
        let watch = async {
            loop {
                tokio::time::sleep(Duration::from_millis(1500)).await;
                let committed = stage.committed(GROUP, TOPIC)?.unwrap_or(0);
                println!(
                    "    {:>3.1} s  committed offset: {committed}",
                    start.elapsed().as_secs_f64()
                );
            }
        };
        tokio::select! {
            biased;
            outcome = run => match outcome {
                Ok(report) => println!("    read to the end: {} records finished", report.finished),
                Err(error) => println!("    ended: {error}"),
            },
            failed = watch => return failed,
        }
        let committed = stage.committed(GROUP, TOPIC)?.unwrap_or(0);
        println!("    afterwards the group's committed offset is {committed}\n");
    }
    Ok(())
}
