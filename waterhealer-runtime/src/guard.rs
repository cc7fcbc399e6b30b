//! Calling the user's code: what it answers or how it panics, as one `Result`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{BoxError, Failure};

/// Calls user code and turns a panic into a failure of the record.
///
/// # Errors
/// The panic.
#[inline]
pub fn guard<R>(call: impl FnOnce() -> R) -> Result<R, Failure> {
    // The values a call works on are dropped by the unwinding; the resources it shares are the user's to keep whole,
    // and a panic halts, so nobody goes on with them.
    catch_unwind(AssertUnwindSafe(call)).map_err(Failure::panic)
}

/// A stage's own `Result` as an outcome.
///
/// # Errors
/// The stage's error.
#[inline]
pub fn fallible<T, E: Into<BoxError>>(answer: Result<T, E>) -> Result<T, Failure> {
    answer.map_err(|error| Failure::error(error))
}
