//! Log lines as JSON, of the seeds' notebook `json-logging-emit-id`: what a function logs says for which record, and the emit id
//! leads back to it. The program has a subscriber of its own, which keeps the lines, so that they can be looked at here.
//!
//! `cargo run --example json_logs`, or on a real broker: `cargo run --example json_logs -- --brokers 127.0.0.1:9092`

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;
use waterhealer::prelude::*;
use waterhealer::{EmitId, telemetry};
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-json-logs";
const GROUP: &str = "waterhealer-json-logs";

#[pipeline(group = "waterhealer-json-logs")]
pub(crate) mod json_logs {
    use super::*;

    #[source(topic = "waterhealer-json-logs")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    #[map(from = number)]
    fn increment(number: u64) -> u64 {
        tracing::info!(number, "increment halloooo");
        number + 1
    }

    #[map(from = increment)]
    async fn double(number: u64) -> u64 {
        tokio::task::yield_now().await;
        tracing::warn!(number, "after an await");
        number * 2
    }

    #[sink(from = double)]
    fn done(_number: u64) {}
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let lines = Lines::default();
    let writer = lines.clone();
    let ours = Targets::new().with_target("json_logs", LevelFilter::INFO);
    tracing_subscriber::registry()
        .with(telemetry::json().with_writer(move || writer.clone()))
        .with(ours)
        .init();

    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, (0..3).map(|number: u64| number.to_string()))?;
    tracing::info!("outside of all stages");
    let config = stage.config().until_end();
    json_logs::pipeline().config(config).run().await?;

    let mut shown = Vec::new();
    for line in lines.take()?.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let text = |name: &str| line[name].as_str().unwrap_or("-");
        let id = text("emit_id").parse::<EmitId>().ok();
        let record = match id {
            Some(id) => format!("partition {}, offset {}", id.partition(), id.offset()),
            None => "no record".to_owned(),
        };
        let (level, function, msg) = (text("level"), text("function_name"), text("msg"));
        let number = &line["number"];
        let line = format!("{level:8}{function:15}{msg:23}number {number}, {record}");
        shown.push((id.map(EmitId::offset), line));
    }
    // An async stage lets the next record in while it waits; all lines of one record stand together here.
    shown.sort_by_key(|(offset, _)| *offset);
    for (_, line) in shown {
        println!("{line}");
    }
    Ok(())
}

/// Where the lines are kept.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn take(&self) -> Result<String, std::string::FromUtf8Error> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(std::mem::take(&mut lines))
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
