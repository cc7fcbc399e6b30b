//! A stage called again with what a kept failure of it was given, in a test.

use tokio::runtime::Builder;

use crate::failures::Kept;
use crate::flow::{Graph, Replayed};
use crate::runner::{self, Pipeline};

/// Why a stage that was called again has not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// It has failed: its error with its causes, or its panic.
    #[error("{0}")]
    Failed(String),
    /// It was not called, for this reason.
    #[error("it cannot be replayed: {0}")]
    Cannot(String),
}

/// Calls one stage of a pipeline with what a kept failure of it was given, and nothing else: what it answers, as JSON if it can be
/// serialised, else as `Debug` has it. `failure` is the text of the file. `replay --as-test` writes a test with it.
///
/// It has a Tokio runtime of its own, so the test is a plain `#[test] fn`.
///
/// # Errors
/// When the stage fails, or cannot be called with it.
pub fn replay<G: Graph>(pipeline: Pipeline<G>, failure: &str) -> Result<String, ReplayError> {
    let cannot = |why: String| ReplayError::Cannot(why);
    let kept = Kept::read(failure).map_err(|why| cannot(why.to_string()))?;
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| cannot(error.to_string()))?;
    let replayed = runner::replay(pipeline, kept, runtime.handle().clone());
    runtime.shutdown_background();
    match replayed.map_err(|error| cannot(error.to_string()))? {
        Replayed::Answered { text, .. } => Ok(text),
        Replayed::Failed(failure) => Err(ReplayError::Failed(failure.to_string())),
        Replayed::Cannot(why) => Err(ReplayError::Cannot(why)),
    }
}
