//! A pipeline whose spans a collector is sent: stages of all kinds, with spans of their own.

use std::time::Duration;

use waterhealer::prelude::*;

#[pipeline(group = "from the command line", interval = "1s")]
mod traced_pipeline {
    use super::*;

    #[source(topic = "wh-traced")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read)]
    fn at_once(at: Position) -> Position {
        tracing::info_span!("inside at_once").in_scope(|| at)
    }

    #[map(from = at_once, concurrency = 4)]
    async fn later(at: Position) -> Position {
        tokio::time::sleep(Duration::from_millis(20)).await;
        tracing::info_span!("inside later").in_scope(|| at)
    }

    #[map(from = later, blocking)]
    fn slowly(at: Position) -> Position {
        tracing::info_span!("inside slowly").in_scope(|| at)
    }

    #[map(from = slowly, on_error = skip)]
    fn picky(at: Position) -> Result<Position, String> {
        match at.offset {
            2 => Err("never the third".to_owned()),
            _ => Ok(at),
        }
    }

    #[sink(from = picky, topic = "wh-traced-out")]
    fn publish(at: Position) -> KafkaMessage {
        let message = KafkaMessage::new(at.offset.to_string());
        match at.offset {
            0 => message.header("traceparent", "its own"),
            _ => message,
        }
    }

    #[sink(from = at_once.partition(2, within = "1m"))]
    fn pair(at: Vec<Position>) {
        drop(at);
    }
}

/// Until all is read.
pub(crate) fn start() -> ExitCode {
    traced_pipeline::main()
}
