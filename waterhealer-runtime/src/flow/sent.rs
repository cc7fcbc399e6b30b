//! A dead letter on its way, as the call that waits for it keeps it. Sending it is `letters`' business.

use std::borrow::Cow;
use std::sync::Arc;

/// A dead letter on its way: what has gone wrong with its record, for the case that it does not arrive either.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) why: Arc<Why>,
    pub(super) topic: Cow<'static, str>,
    pub(super) bytes: usize,
}

/// Why a record has failed; shared by all that failed in one value.
#[derive(Debug)]
pub(super) struct Why {
    pub(super) node: usize,
    /// As metrics have it.
    pub(super) kind: &'static str,
    pub(super) stage: &'static str,
    pub(super) class: &'static str,
    pub(super) message: String,
    pub(super) attempts: usize,
}
