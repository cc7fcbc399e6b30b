//! Pipelines for what a generated `main` does by itself: verbs, exit codes, topics that are empty or not there.

use waterhealer::prelude::*;

/// Reads a topic that has nothing in it.
#[pipeline(group = "idle", interval = "1s")]
mod idle_pipeline {
    use super::*;

    /// What comes in.
    #[source(topic = "wh-idle")]
    fn read(record: &Record<'_>) -> usize {
        record.value().map_or(0, <[u8]>::len)
    }

    #[filter(from = read)]
    fn large(size: &usize) -> bool {
        *size > 1_000
    }

    #[sink(from = large)]
    fn done(_size: usize) {}
}

/// Reads a topic that does not exist.
#[pipeline(group = "nowhere", interval = "1s")]
mod nowhere_pipeline {
    use super::*;

    #[source(topic = "wh-nowhere")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read)]
    fn done(_offset: i64) {}
}

/// Whose offsets are looked at and set.
#[pipeline(group = "offsets", interval = "100ms")]
mod offsets_pipeline {
    use super::*;

    #[source(topic = "wh-offsets")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read)]
    fn done(_offset: i64) {}
}

/// For the verbs that look at offsets and set them.
pub(crate) fn offsets() -> ExitCode {
    offsets_pipeline::main()
}

/// On an empty topic.
pub(crate) fn idle() -> ExitCode {
    idle_pipeline::main()
}

/// On no topic at all.
pub(crate) fn nowhere() -> ExitCode {
    nowhere_pipeline::main()
}
