//! Bookings for three customers, and a bank that refuses ada's first one twice. Calls for one customer are made one after
//! another, and those for others pass: bob's and eve's are booked while ada's wait for the next attempt, and ada's keep their
//! order.
//!
//! `cargo run --example retries`, or on a real broker: `cargo run --example retries -- --brokers 127.0.0.1:9092`

use std::sync::atomic::{AtomicU32, Ordering};

use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-retries";
const GROUP: &str = "waterhealer-retries";

/// A bank, and how often it has refused.
#[derive(Default)]
pub struct Bank {
    refused: AtomicU32,
}

#[pipeline(group = "waterhealer-retries", interval = "250ms")]
pub(crate) mod retries {
    use super::*;

    #[source(topic = "waterhealer-retries")]
    fn booking(record: &Record<'_>) -> Result<String, std::str::Utf8Error> {
        record.text().map(str::to_owned)
    }

    #[map(from = booking, concurrency = 8, order_by = key, retry(max = 5, backoff = "200ms..2s"))]
    async fn book(booking: String, bank: &Bank) -> Result<String, String> {
        if booking == "ada's first" && bank.refused.fetch_add(1, Ordering::Relaxed) < 2 {
            println!("    {booking} is refused");
            return Err("the bank is busy".to_owned());
        }
        Ok(booking)
    }

    #[sink(from = book)]
    fn print(booking: &String) {
        println!("    {booking} is booked");
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill_keyed(
        TOPIC,
        [
            ("ada", "ada's first"),
            ("bob", "bob's first"),
            ("ada", "ada's second"),
            ("eve", "eve's first"),
            ("bob", "bob's second"),
        ],
    )?;
    let resources = retries::Resources {
        bank: Bank::default(),
    };
    println!("five bookings, one call at a time for each customer:");
    let pipeline = retries::pipeline(resources).config(stage.config().until_end());
    let report = pipeline.run().await?;
    println!("    read to the end: {} records finished", report.finished);
    let committed = stage.committed(GROUP, TOPIC)?.unwrap_or(0);
    println!("    afterwards the group's committed offset is {committed}");
    Ok(())
}
