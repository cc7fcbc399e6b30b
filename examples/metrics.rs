//! What a running pipeline answers over HTTP: metrics for Prometheus, and, for a person, which record keeps the offset from
//! moving on. A program whose `main` is the pipeline's answers at http://127.0.0.1:8000/ by itself; this one says where.
//!
//! `cargo run --example metrics`, or on a real broker: `cargo run --example metrics -- --brokers 127.0.0.1:9092`

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use waterhealer::prelude::*;
use waterhealer_examples::{Stage, StageError};

const TOPIC: &str = "waterhealer-metrics";
const GROUP: &str = "waterhealer-metrics";

#[pipeline(group = "waterhealer-metrics")]
pub(crate) mod metrics {
    use super::*;

    #[source(topic = "waterhealer-metrics")]
    fn number(record: &Record<'_>) -> Result<u64, serde_json::Error> {
        record.json()
    }

    /// Waits for somebody at the number 3, and so holds the offset.
    #[map(from = number, concurrency = 8)]
    async fn wait(number: u64, door: &Arc<Semaphore>) -> u64 {
        if number == 3 {
            // Closed, or open: both let it pass.
            let _open = door.acquire().await.is_ok();
        }
        number
    }

    #[sink(from = wait, on_error = skip)]
    fn even(number: u64) -> Result<(), String> {
        match number % 2 {
            0 => Ok(()),
            _ => Err(format!("{number} is odd")),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), StageError> {
    let stage = Stage::open()?;
    stage.topic(TOPIC, GROUP).await?;
    stage.fill(TOPIC, (0..10).map(|number: u64| number.to_string()))?;
    let door = Arc::new(Semaphore::new(0));
    let resources = metrics::Resources {
        door: Arc::clone(&door),
    };
    let config = stage.config().interval(Duration::from_millis(100));
    let pipeline = metrics::pipeline(resources).config(config.http("127.0.0.1:0"));
    let handle = pipeline.handle();
    let running = tokio::spawn(pipeline.run());

    // All but one are done, and what is done before that one is committed.
    while handle.state().finished < 9 || handle.state().partitions[0].committed != Some(3) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let address = handle.http_address().ok_or("it answers over HTTP")?;
    let offsets = get(address, "/api/v1/offsets").await?;
    let offsets: serde_json::Value = serde_json::from_str(&offsets)?;
    let blocking = &offsets["partitions"][0]["blocking"];
    println!(
        "offset {} blocks: {} at `{}`",
        blocking["offset"],
        blocking["doing"].as_str().unwrap_or("?"),
        blocking["stage"].as_str().unwrap_or("?"),
    );

    println!("\nsome of the metrics:");
    let text = get(address, "/metrics").await?;
    for name in [
        "stage_records_in_total",
        "stage_errors_total",
        "queue_",
        "in_flight_records",
        "committed_offset",
        "leaked_offsets_total",
    ] {
        let start = format!("waterhealer_{name}");
        for line in text.lines().filter(|line| line.starts_with(&start)) {
            if !line.ends_with(" 0") || name.starts_with("leaked") {
                println!("{line}");
            }
        }
    }
    door.close();
    handle.stop();
    let report = running.await??;
    println!(
        "\n{} records finished, {} of them skipped",
        report.finished, report.skipped
    );
    Ok(())
}

/// The body of an answer. Asked from a thread that may wait.
async fn get(address: SocketAddr, path: &'static str) -> Result<String, StageError> {
    let asked = tokio::task::spawn_blocking(move || -> Result<String, StageError> {
        let mut stream = TcpStream::connect(address)?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        Ok(body.to_owned())
    });
    asked.await?
}
