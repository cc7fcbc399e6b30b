//! A pipeline that finishes out of order, and of which some records never finish: those whose offset is a multiple of
//! `STRAGGLES`, as long as that is set.

use std::sync::LazyLock;

use waterhealer::prelude::*;

use crate::append::Journal;

static STRAGGLES: LazyLock<Option<i64>> =
    LazyLock::new(|| std::env::var("STRAGGLES").ok()?.parse().ok());

#[pipeline(group = "straggling", interval = "50ms")]
mod pipeline {
    use super::*;

    #[source(topic = "wh-straggling")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 100_000)]
    async fn work(at: Position) -> Position {
        if let Some(every) = *STRAGGLES
            && at.offset % every == 0
        {
            std::future::pending::<()>().await;
        }
        // In another order than they came.
        if at.offset % 3 == 0 {
            tokio::task::yield_now().await;
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

/// Straggles.
pub(crate) fn start() -> ExitCode {
    pipeline::main(pipeline::Resources {
        journal: Journal::open(),
    })
}
