//! Orders are priced by a service, and go two ways: large ones to a report, all of them to another topic. It shows shared
//! resources, an asynchronous stage with many calls at once, fan-out, and a sink that is finished when Kafka has
//! acknowledged.
//!
//! `cargo run --example orders`, or on a real broker: `cargo run --example orders -- --brokers 127.0.0.1:9092`

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const ORDERS: &str = "waterhealer-orders";
const PRICED: &str = "waterhealer-orders-priced";
const GROUP: &str = "waterhealer-orders";

/// An order as it is read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    id: u64,
    item: String,
    pieces: u64,
}

/// An order with its price. It goes to two stages, so it is `Clone`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Priced {
    id: u64,
    cents: u64,
}

/// A price service, as it would be asked over the network.
pub struct Rates {
    cents: HashMap<&'static str, u64>,
}

impl Rates {
    async fn price(&self, item: &str) -> Result<u64, String> {
        tokio::time::sleep(Duration::from_millis(10)).await;
        self.cents
            .get(item)
            .copied()
            .ok_or_else(|| format!("nobody sells `{item}`"))
    }
}

/// Where large orders are noted.
#[derive(Default)]
pub struct Report {
    ids: Mutex<Vec<u64>>,
}

#[pipeline(group = "waterhealer-orders", interval = "1s")]
pub(crate) mod orders {
    use super::*;

    /// Decodes an order.
    #[source(topic = "waterhealer-orders")]
    fn order(record: &Record<'_>) -> Result<Order, serde_json::Error> {
        record.json()
    }

    /// Asks the price service; an order for what nobody sells is passed over.
    #[map(from = order, concurrency = 64, on_error = skip)]
    async fn price(order: Order, rates: &Rates) -> Result<Priced, String> {
        let cents = rates.price(&order.item).await? * order.pieces;
        Ok(Priced {
            id: order.id,
            cents,
        })
    }

    /// Only orders above ten euros are large.
    #[filter(from = price)]
    fn large(priced: &Priced) -> bool {
        priced.cents > 1000
    }

    #[sink(from = large)]
    fn note(priced: Priced, report: &std::sync::Arc<Report>) -> Result<(), String> {
        let mut ids = report.ids.lock().map_err(|error| error.to_string())?;
        ids.push(priced.id);
        Ok(())
    }

    #[sink(from = price, topic = "waterhealer-orders-priced")]
    fn publish(priced: Priced) -> KafkaMessage {
        KafkaMessage::json(&priced).key(priced.id)
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(ORDERS, GROUP).await?;
    stage.topic(PRICED, GROUP).await?;
    let items = ["pear", "melon", "pear", "unicorn", "melon", "pear"];
    let orders = (1..).zip(items).map(|(id, item)| Order {
        id,
        item: item.to_owned(),
        pieces: id,
    });
    let lines: Vec<String> = orders
        .map(|order| serde_json::to_string(&order))
        .collect::<Result<_, _>>()?;
    stage.fill(ORDERS, &lines)?;
    println!("{} orders on `{ORDERS}`", lines.len());

    let report = std::sync::Arc::new(Report::default());
    let rates = Rates {
        cents: HashMap::from([("pear", 120), ("melon", 350)]),
    };
    let resources = orders::Resources {
        rates,
        report: std::sync::Arc::clone(&report),
    };
    let outcome = orders::pipeline(resources)
        .config(stage.config().until_end())
        .run()
        .await?;

    println!(
        "{} records finished, {} of them skipped",
        outcome.finished, outcome.skipped
    );
    let mut large = report
        .ids
        .lock()
        .map_err(|error| error.to_string())?
        .clone();
    large.sort_unstable();
    println!("large orders: {large:?}");
    println!("on `{PRICED}`:");
    for (key, value) in stage.read(PRICED, lines.len() - 1)? {
        println!("    {key}: {value}");
    }
    match stage.committed(GROUP, ORDERS)? {
        Some(offset) => println!("committed offset: {offset}"),
        None => println!("nothing is committed"),
    }
    Ok(())
}
