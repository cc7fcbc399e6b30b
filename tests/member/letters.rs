//! Pipelines whose failed records go to dead-letter topics: one to be killed, one to be mended.

use std::time::Duration;

use waterhealer::prelude::*;

use crate::append::Journal;

#[pipeline(group = "letters-killed", interval = "50ms")]
mod killed_pipeline {
    use super::*;

    #[source(topic = "wh-letters-killed")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    /// Takes 0 to 7 ms, and fails for every tenth.
    #[map(from = read, concurrency = 20, on_error = dead_letter("wh-letters-killed-dlq"))]
    async fn check(at: Position) -> Result<Position, String> {
        let millis = (at.offset.unsigned_abs().wrapping_mul(0x9e37_79b9) >> 7) % 8;
        tokio::time::sleep(Duration::from_millis(millis)).await;
        match at.offset % 10 {
            3 => Err("every tenth".to_owned()),
            _ => Ok(at),
        }
    }

    #[sink(from = check)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

/// Whether the mistake is mended.
pub(crate) struct Mended(bool);

#[pipeline(group = "from the command line", interval = "50ms")]
mod mended_pipeline {
    use super::*;

    #[source(topic = "wh-dlq", on_error = dead_letter)]
    fn read(record: &Record<'_>) -> Result<(Position, u64), std::num::ParseIntError> {
        let text = String::from_utf8_lossy(record.value().unwrap_or_default());
        Ok((record.position(), text.parse()?))
    }

    #[map(from = read, on_error = dead_letter(style = spring))]
    fn check(number: (Position, u64), mended: &Mended) -> Result<Position, String> {
        match number.1 % 10 {
            3 if !mended.0 => Err(format!("{} ends in a 3", number.1)),
            _ => Ok(number.0),
        }
    }

    #[sink(from = check)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

/// To be killed.
pub(crate) fn killed() -> ExitCode {
    killed_pipeline::main(killed_pipeline::Resources {
        journal: Journal::open(),
    })
}

/// Numbers that end in a 3 fail, until `MENDED` says that they do not.
pub(crate) fn mended() -> ExitCode {
    mended_pipeline::main(mended_pipeline::Resources {
        journal: Journal::open(),
        mended: Mended(std::env::var_os("MENDED").is_some()),
    })
}
