//! Pipelines that work steadily: an asynchronous stage that finishes out of order, and a sink that notes each record.

use std::time::Duration;

use waterhealer::prelude::*;

use crate::append::Journal;

/// Takes 0 to 7 ms, by the record, so that records finish in another order than they came.
async fn work(at: Position) -> Position {
    let millis = (at.offset.unsigned_abs().wrapping_mul(0x9e37_79b9) >> 7) % 8;
    if millis > 0 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    at
}

#[pipeline(group = "killed", interval = "50ms")]
mod killed_pipeline {
    use super::*;

    #[source(topic = "wh-killed")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 20)]
    async fn price(at: Position) -> Position {
        work(at).await
    }

    #[sink(from = price)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

#[pipeline(group = "stopped", interval = "10s")]
mod stopped_pipeline {
    use super::*;

    #[source(topic = "wh-stopped")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 12)]
    async fn price(at: Position) -> Position {
        work(at).await
    }

    #[sink(from = price)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

/// To be killed: heals often.
pub(crate) fn killed() -> ExitCode {
    killed_pipeline::main(killed_pipeline::Resources {
        journal: Journal::open(),
    })
}

/// To be stopped: heals so rarely that what is committed at the end was committed by the end.
pub(crate) fn stopped() -> ExitCode {
    stopped_pipeline::main(stopped_pipeline::Resources {
        journal: Journal::open(),
    })
}
