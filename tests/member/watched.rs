//! Pipelines that watchdogs end: one that hangs or fails at a record that says so, and one whose consumer thread hangs.

use std::sync::mpsc::sync_channel;

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};
use waterhealer::prelude::*;

use crate::append::Journal;

#[pipeline(group = "watched", interval = "50ms", shutdown_grace = "500ms")]
mod watched_pipeline {
    use super::*;

    #[source(topic = "wh-watched")]
    fn read(record: &Record<'_>) -> Result<(Position, String), std::str::Utf8Error> {
        Ok((record.position(), record.text()?.to_owned()))
    }

    #[map(from = read, concurrency = 4)]
    async fn work((at, text): (Position, String)) -> Result<Position, String> {
        match text.as_str() {
            "hang" => std::future::pending().await,
            "fail" => Err("the shop has closed".to_owned()),
            _ => Ok(at),
        }
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

#[pipeline(
    group = "watched",
    interval = "50ms",
    auto_shutdown(auto_expired = "3s", interval = "100ms", sleep_before_shutdown = 0)
)]
mod expiring_pipeline {
    use super::*;

    #[source(topic = "wh-watched")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

/// Watched as the environment says.
pub(crate) fn start() -> ExitCode {
    let journal = Journal::open();
    watched_pipeline::main(watched_pipeline::Resources { journal })
}

/// Watched as its attribute says.
pub(crate) fn expiring() -> ExitCode {
    let journal = Journal::open();
    expiring_pipeline::main(expiring_pipeline::Resources { journal })
}

/// The same, on a bad day: the line that the consumer thread logs when partitions come goes nowhere, and the thread with it.
pub(crate) fn frozen() -> ExitCode {
    tracing::subscriber::set_global_default(Freezing).expect("nobody else has set one");
    start()
}

/// Takes log lines, as into a pipe that nobody reads: one of them waits for ever.
struct Freezing;

impl Subscriber for Freezing {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _span: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, _values: &span::Record<'_>) {}

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut FreezeAt("partitions assigned"));
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

/// Waits for ever at this message.
struct FreezeAt(&'static str);

impl Visit for FreezeAt {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" && format!("{value:?}") == self.0 {
            let (_nobody_sends, comes) = sync_channel::<()>(0);
            let _never = comes.recv();
        }
    }
}
