//! Failures on their way out while a pipeline runs: a clerk for each place, on a thread of its own, closed after the lanes.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use super::threads::spawn;
use crate::config::Settings;
use crate::error::Error;
use crate::failures::{Clerk, Closing, Failures, Hook, Persist, Redactor, open};

/// How long the end waits for failures that are not kept yet.
const AT_END: Duration = Duration::from_secs(5);

/// What a program says of its failures, besides its settings.
#[derive(Default)]
pub(crate) struct Asked {
    pub(super) places: Vec<Box<dyn Persist>>,
    pub(super) redact: Option<Hook>,
}

impl Asked {
    /// A clerk for each place that the program has given, and what is left out in the failures of a pipeline.
    pub(crate) fn clerks(self, failures: &Arc<Failures>, mask: &[String]) -> Vec<Clerk> {
        failures.redact(Redactor::new(mask, self.redact));
        let places = self.places.into_iter();
        let given = places.map(|place| Clerk::new(failures, "the program's own".to_owned(), place));
        given.collect()
    }
}

/// The clerks of a pipeline, which end with this value.
pub(super) struct Recording {
    clerks: Vec<(Closing, Receiver<()>)>,
}

impl Recording {
    /// Opens the places where failures go.
    ///
    /// # Errors
    /// When one cannot be opened.
    pub(super) fn start(
        asked: Asked,
        settings: &Settings,
        failures: &Arc<Failures>,
    ) -> Result<Self, Error> {
        let mut clerks = asked.clerks(failures, &settings.failures.mask);
        for target in &settings.failures.targets {
            let place = open(target)?;
            tracing::info!(to = %target, "failures are kept");
            clerks.push(Clerk::new(failures, target.to_string(), place));
        }
        let mut recording = Recording { clerks: Vec::new() };
        for clerk in clerks {
            let (done, ended) = sync_channel(1);
            recording.clerks.push((clerk.closing(), ended));
            spawn("waterhealer-failures", move || {
                clerk.run();
                // Nobody waits for it any more, if it took too long.
                let _late = done.send(());
            })?;
        }
        Ok(recording)
    }

    /// Whether there is a place at all.
    pub(super) fn keeps(&self) -> bool {
        !self.clerks.is_empty()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        for (closing, _) in &self.clerks {
            closing.close();
        }
        let until = Instant::now() + AT_END;
        for (closing, ended) in &self.clerks {
            let left = until.saturating_duration_since(Instant::now());
            if ended.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                let failures = closing.give_up();
                tracing::warn!(
                    failures,
                    "failures are not kept: the place they go to has not taken them in time"
                );
            }
        }
    }
}
