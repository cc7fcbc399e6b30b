//! Kept failures: what is known of a call that has failed (`report`), the last of them in memory (`ring`), and where they go
//! beyond the process: through a bounded queue (`queue`), with what is secret left out (`redact`), to a directory, an object
//! store or a webhook, or whatever a program gives as [`Persist`]. Which call fails, and when, is `flow`'s; `read` is the way
//! back, for a replay. This is the only room that names `object_store` and `reqwest`.

#[cfg(feature = "failures-cloud")]
mod cloud;
mod directory;
mod encoded;
mod queue;
mod read;
mod redact;
mod report;
mod ring;
mod target;
#[cfg(test)]
mod tests;
#[cfg(feature = "failures-webhook")]
mod webhook;

use std::fmt;
use std::time::SystemTime;

use serde_json::Value;

use crate::error::BoxError;

pub(crate) use queue::{Clerk, Closing};
pub(crate) use read::Kept;
pub(crate) use redact::{Hook, Redactor};
pub(crate) use report::{Fate, Place, Report};
pub(crate) use ring::Failures;
pub(crate) use target::{Target, open};

/// Where failures are kept: given to [`Pipeline::persist`](crate::Pipeline::persist), and called for one failure after
/// another on a thread of its own.
///
/// A closure is one, too:
///
/// ```
/// use waterhealer_runtime::{BoxError, FailedCall, Persist};
/// # fn persist(_: impl Persist) {}
/// let mut alerts: Vec<String> = Vec::new();
/// persist(move |call: &FailedCall| -> Result<(), BoxError> {
///     alerts.push(call.file_name());
///     Ok(())
/// });
/// ```
pub trait Persist: Send + 'static {
    /// Keeps one failure. It may take its time: the pipeline does not wait, and what comes too fast is left out and counted.
    ///
    /// # Errors
    /// Whatever goes wrong: it is logged and counted, and the failure is not kept there.
    fn persist(&mut self, call: &FailedCall) -> Result<(), BoxError>;
}

impl<F> Persist for F
where
    F: FnMut(&FailedCall) -> Result<(), BoxError> + Send + 'static,
{
    fn persist(&mut self, call: &FailedCall) -> Result<(), BoxError> {
        self(call)
    }
}

/// A call that has failed, as it leaves the process: what is to be left out is left out.
#[derive(Clone)]
pub struct FailedCall {
    json: Value,
    name: String,
    failed_at: SystemTime,
}

impl FailedCall {
    /// What is known of it, as the guide's page on kept failures describes it.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// A name for a file of it: the function, the time to the second, and what makes it the only one, such as
    /// `orders.billing.price-26-11-22-18-56-52-5f0c9a1b2c3d.json`.
    pub fn file_name(&self) -> String {
        format!("{}.json", self.name)
    }

    /// When the call failed.
    pub fn failed_at(&self) -> SystemTime {
        self.failed_at
    }

    /// It as the text of a file.
    pub(crate) fn text(&self) -> String {
        format!("{:#}\n", self.json)
    }
}

impl fmt::Debug for FailedCall {
    /// Without what the call was given.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedCall")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
