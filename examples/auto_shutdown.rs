//! A payment provider that never answers one call: no error, no log line, and nothing behind it is committed. A watchdog notices
//! that no offset moves, the pipeline ends in order, and what a supervisor would do on exit code 75 is done here: it is started
//! again. The call is then made anew, and answered.
//!
//! `cargo run --example auto_shutdown`, or on a real broker: `cargo run --example auto_shutdown -- --brokers 127.0.0.1:9092`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use waterhealer::ErrorKind;
use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-auto-shutdown";
const GROUP: &str = "waterhealer-auto-shutdown";

/// A provider that has lost one call.
#[derive(Default)]
pub struct Provider {
    lost: AtomicBool,
}

#[pipeline(
    group = "waterhealer-auto-shutdown",
    interval = "100ms",
    shutdown_grace = "500ms",
    auto_shutdown(graceful_offset = "2s", interval = "100ms", sleep_before_shutdown = 0)
)]
pub(crate) mod auto_shutdown {
    use super::*;

    #[source(topic = "waterhealer-auto-shutdown")]
    fn payment(record: &Record<'_>) -> Result<String, std::str::Utf8Error> {
        record.text().map(str::to_owned)
    }

    #[map(from = payment)]
    async fn pay(payment: String, provider: &Arc<Provider>) -> String {
        if payment == "the third payment" && !provider.lost.swap(true, Ordering::Relaxed) {
            println!("    {payment} is not answered");
            std::future::pending().await
        }
        payment
    }

    #[sink(from = pay)]
    fn print(payment: &String) {
        println!("    {payment} is made");
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    let payments = ["first", "second", "third", "fourth"];
    stage.fill(TOPIC, payments.map(|which| format!("the {which} payment")))?;
    let provider = Arc::<Provider>::default();
    println!("four payments, and a watchdog on offsets that stand still:");
    let report = loop {
        let resources = auto_shutdown::Resources {
            provider: Arc::clone(&provider),
        };
        let pipeline = auto_shutdown::pipeline(resources).config(stage.config().until_end());
        match pipeline.run().await {
            Ok(report) => break report,
            Err(error) => match error.kind() {
                ErrorKind::Watchdog { name } => println!("  `{name}` asks for a restart:"),
                _ => return Err(error.into()),
            },
        }
    };
    println!("    read to the end: {} records finished", report.finished);
    let committed = stage.committed(GROUP, TOPIC)?.unwrap_or(0);
    println!("    afterwards the group's committed offset is {committed}");
    Ok(())
}
