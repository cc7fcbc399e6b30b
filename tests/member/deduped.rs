//! A pipeline with a dedupe store and a straggler: while `STRAGGLES` is set, the first record of each partition never ends,
//! so that nothing can be committed while all others finish.

use waterhealer::prelude::*;

use crate::append::Journal;

#[pipeline(group = "deduped", interval = "50ms", dedupe_outage = "block")]
mod deduped_pipeline {
    use super::*;

    #[source(topic = "wh-dedupe-killed")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 8)]
    async fn straggle(at: Position, straggles: &bool) -> Position {
        if *straggles && at.offset == 0 {
            std::future::pending::<()>().await;
        }
        at
    }

    #[sink(from = straggle)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

/// To be killed behind the straggler; with `STRAGGLES` unset it ends what is left.
pub(crate) fn start() -> ExitCode {
    deduped_pipeline::main(deduped_pipeline::Resources {
        journal: Journal::open(),
        straggles: std::env::var_os("STRAGGLES").is_some(),
    })
}
