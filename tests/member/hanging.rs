//! A pipeline with a stage that never comes back from the record `hang`.

use std::time::Duration;

use waterhealer::prelude::*;

use crate::append::Journal;

#[pipeline(group = "hanging", interval = "50ms")]
mod pipeline {
    use super::*;

    #[source(topic = "wh-hanging")]
    fn read(record: &Record<'_>) -> Result<(Position, bool), std::str::Utf8Error> {
        Ok((record.position(), record.text()? == "hang"))
    }

    #[sink(from = read)]
    fn note((at, hang): (Position, bool), journal: &Journal) -> std::io::Result<()> {
        if hang {
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }
        journal.note(&at)
    }
}

/// Hangs in a synchronous stage, which nothing can cancel.
pub(crate) fn start() -> ExitCode {
    pipeline::main(pipeline::Resources {
        journal: Journal::open(),
    })
}
