//! A pipeline whose sink buffers: what it is given goes to the journal when it is flushed.

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use waterhealer::prelude::*;

use crate::append::Journal;

/// What is not written yet.
#[derive(Debug, Default)]
pub(crate) struct Buffer(Mutex<Vec<Position>>);

impl Buffer {
    fn put(&self, at: Position) {
        let mut buffer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buffer.push(at);
    }

    fn take(&self) -> Vec<Position> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[pipeline(group = "buffering", interval = "50ms", max_in_flight = 10_000)]
mod buffering_pipeline {
    use super::*;

    #[source(topic = "wh-flush")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read, flush = write_out)]
    fn keep(at: Position, buffer: &Buffer) {
        buffer.put(at);
    }

    async fn write_out(buffer: &Buffer, journal: &Journal) -> std::io::Result<()> {
        for (written, at) in buffer.take().iter().enumerate() {
            if written % 1_000 == 0 {
                // A buffer that is written in parts can be killed between two of them.
                tokio::task::yield_now().await;
            }
            journal.note(at)?;
        }
        Ok(())
    }
}

/// To be killed with a full buffer.
pub(crate) fn start() -> ExitCode {
    buffering_pipeline::main(buffering_pipeline::Resources {
        buffer: Buffer::default(),
        journal: Journal::open(),
    })
}
