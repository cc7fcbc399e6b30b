//! What a program says of its pipeline besides the configuration: where failures are kept, what is left out of them, and that the
//! pipeline is the whole program.

use std::process::ExitCode;
use std::sync::Arc;

use super::explain::Rule;
use super::pipeline::Pipeline;
use super::program::run_program;
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::failures::Persist;
use crate::flow::Graph;

impl<G: Graph> Pipeline<G> {
    /// With these rules for `explain` to explain.
    #[doc(hidden)]
    #[must_use]
    pub fn explaining(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }

    /// Keeps what is known of each call that fails here as well, besides where the setting `failures` says.
    #[must_use]
    pub fn persist(mut self, place: impl Persist) -> Self {
        self.asked.places.push(Box::new(place));
        self
    }

    /// Takes out of each failure what is not to leave the process, or changes it, after the fields of `failures_mask` are
    /// masked. A failure on which it panics is not kept.
    #[must_use]
    pub fn redact(
        mut self,
        redact: impl Fn(&mut serde_json::Value) + Send + Sync + 'static,
    ) -> Self {
        self.asked.redact = Some(Arc::new(redact));
        self
    }

    /// Runs the pipeline as a whole program, as the module's `main` does: command line, configuration, signals, exit code.
    pub fn main(self) -> ExitCode {
        run_program(self)
    }

    /// What the program's own code says of its configuration, and the rules to explain.
    pub(super) fn take_said(&mut self) -> (Config, &'static [Rule]) {
        (std::mem::take(&mut self.config), self.rules)
    }

    /// What the stages share, for one of them to be called alone.
    ///
    /// # Errors
    /// Where somebody else has them, too.
    pub(super) fn into_resources(self) -> Result<G::Resources, Error> {
        Arc::try_unwrap(self.resources)
            .map_err(|_| Error::new(ErrorKind::Internal, "the resources are in use"))
    }
}
