//! A pipeline with a mistake in one of its stages, which `MENDED` mends.

use waterhealer::prelude::*;

use crate::append::Journal;

/// What the stages share.
pub(crate) struct Stock {
    mended: bool,
}

#[pipeline(group = "halting", interval = "50ms")]
mod pipeline {
    use super::*;

    #[source(topic = "wh-halting")]
    fn read(
        record: &Record<'_>,
    ) -> Result<(Position, u64), Box<dyn std::error::Error + Send + Sync>> {
        Ok((record.position(), record.text()?.parse()?))
    }

    #[map(from = read)]
    fn count(number: (Position, u64), stock: &Stock) -> Result<Position, String> {
        match number {
            (_, 777) if !stock.mended => Err("there are no 777 in stock".to_owned()),
            (at, _) => Ok(at),
        }
    }

    #[sink(from = count)]
    fn note(at: Position, journal: &Journal) -> std::io::Result<()> {
        journal.note(&at)
    }
}

/// Halts at the record `777` unless `MENDED` is set.
pub(crate) fn start() -> ExitCode {
    let stock = Stock {
        mended: std::env::var_os("MENDED").is_some(),
    };
    pipeline::main(pipeline::Resources {
        stock,
        journal: Journal::open(),
    })
}
