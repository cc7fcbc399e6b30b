//! Orders that cannot be worked on are written to another topic as they were read, with why, and the others go on. It shows
//! `on_error = dead_letter` by default and by name, and what a dead letter says.
//!
//! `cargo run --example dead_letters`, or on a real broker: `cargo run --example dead_letters -- --brokers 127.0.0.1:9092`

use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const ORDERS: &str = "waterhealer-letters";
const GROUP: &str = "waterhealer-letters";
/// What the topic is called where no name is given: `<topic>.<group>.dlq`.
const UNREADABLE: &str = "waterhealer-letters.waterhealer-letters.dlq";
const UNPRICED: &str = "waterhealer-letters-unpriced";

#[pipeline(group = "waterhealer-letters", interval = "1s")]
pub(crate) mod dead_letters {
    use super::*;

    /// Five in a row that are no numbers mean that something else is wrong.
    #[source(topic = "waterhealer-letters", on_error = dead_letter, breaker(consecutive = 5))]
    fn pieces(record: &Record<'_>) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = pieces, on_error = dead_letter("waterhealer-letters-unpriced"))]
    fn price(pieces: u32) -> Result<u32, String> {
        match pieces {
            13 => Err("nobody sells thirteen".to_owned()),
            _ => Ok(pieces * 3),
        }
    }

    #[sink(from = price)]
    fn note(price: u32) {
        println!("    {price} euros");
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    for topic in [ORDERS, UNREADABLE, UNPRICED] {
        stage.topic(topic, GROUP).await?;
    }
    let orders = ["1", "two", "3", "13", "5"];
    stage.fill(ORDERS, orders)?;
    println!("{} orders on `{ORDERS}`: {orders:?}", orders.len());

    let report = dead_letters::pipeline()
        .config(stage.config().until_end())
        .run()
        .await?;
    println!(
        "{} records finished, {} of them dead-lettered",
        report.finished, report.dead_lettered
    );

    for topic in [UNREADABLE, UNPRICED] {
        println!("on `{topic}`:");
        for letter in stage.letters(topic, 1)? {
            println!("    {}", letter.value);
            // The times differ from run to run, and the emit ids from broker to broker.
            let same = letter.headers.iter();
            for (name, value) in
                same.filter(|(name, _)| !name.ends_with("failed_at") && !name.ends_with("emit_id"))
            {
                println!("        {name}: {value}");
            }
        }
    }
    match stage.committed(GROUP, ORDERS)? {
        Some(offset) => println!("committed offset: {offset}"),
        None => println!("nothing is committed"),
    }
    Ok(())
}
