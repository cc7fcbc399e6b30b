//! The one error of this crate: text for the person at the terminal, and the cause where the system gave one.

use std::io;

/// Why a command of `cargo xtask` could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program that this machine does not have.
    #[error("{what} is missing.\n  Why it is needed: {why}\n  How to get it: {how}")]
    Missing {
        /// The program, with the version if that matters.
        what: String,
        /// What it is needed for.
        why: &'static str,
        /// What to do about it.
        how: String,
    },
    /// A call to the system that failed.
    #[error("could not {doing}: {source}")]
    Io {
        /// What was tried, as it reads after "could not".
        doing: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program that was run and failed, or a service that does not do what it should.
    #[error("{0}")]
    Failed(String),
    /// The person asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// Gives an [`io::Result`] the words for what was tried.
pub(crate) trait Doing<T> {
    /// Turns the system's error into ours; `doing` reads after "could not".
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T, Error>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            doing: doing(),
            source,
        })
    }
}
