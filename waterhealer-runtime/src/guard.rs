//! Calling the user's code: what it answers or how it panics, as one `Result`, and what is known of the call besides.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use crate::error::{Arose, BoxError, Failure, Judged};

/// Calls user code and turns a panic into a failure of the record.
///
/// # Errors
/// The panic.
#[inline]
pub fn guard<R>(call: impl FnOnce() -> R) -> Result<R, Failure> {
    // The values a call works on are dropped by the unwinding; the resources it shares are the user's to keep whole, and
    // a panic halts, so nobody goes on with them unless `on_panic` says so.
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|payload| Failure::panic(payload).arisen(take_arisen()))
}

/// What is known of a call besides its outcome, such as its arguments.
pub trait Given<V> {
    /// The outcome, with that in its failures.
    ///
    /// # Errors
    /// Those of the outcome.
    fn tell(&self, outcome: Result<V, Failure>) -> Result<V, Failure>;
}

/// Nothing is known.
impl<V> Given<V> for () {
    #[inline]
    fn tell(&self, outcome: Result<V, Failure>) -> Result<V, Failure> {
        outcome
    }
}

/// The outcome of a call, with what is known of the call in its failures.
///
/// # Errors
/// Those of the outcome.
#[inline]
pub fn told<V, K: Given<V>>(given: &K, outcome: Result<V, Failure>) -> Result<V, Failure> {
    given.tell(outcome)
}

/// As [`told`], for what failed after the call had answered.
pub fn told_failure<K: Given<()>>(given: &K, failure: Failure) -> Failure {
    match given.tell(Err(failure)) {
        Err(failure) => failure,
        Ok(()) => Failure::lost("the failure was lost"),
    }
}

thread_local! {
    /// Where the last panic on this thread arose.
    static ARISEN: RefCell<Option<Arose>> = const { RefCell::new(None) };
}

/// From now on it is noted where panics arise, before whatever else is done about them.
pub(crate) fn note_panics() {
    static NOTED: Once = Once::new();
    if std::thread::panicking() {
        return;
    }
    NOTED.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            note_arisen(panic);
            others(panic);
        }));
    });
}

fn note_arisen(panic: &PanicHookInfo<'_>) {
    let backtrace = Backtrace::capture();
    let captured = backtrace.status() == BacktraceStatus::Captured;
    let arose = panic.location().map(|location| Arose {
        location: location.to_string(),
        backtrace: captured.then(|| backtrace.to_string()),
    });
    // A thread that is ending has nobody to tell.
    let _ended = ARISEN.try_with(|arisen| arisen.replace(arose));
}

fn take_arisen() -> Option<Arose> {
    ARISEN.try_with(RefCell::take).ok().flatten()
}

/// A stage's own `Result` as an outcome.
///
/// # Errors
/// The stage's error.
#[inline]
pub fn fallible<T, E: Into<BoxError>>(answer: Result<T, E>) -> Result<T, Failure> {
    answer.map_err(|error| Failure::error(error))
}

/// A stage's answer, with its error judged: whether it may be tried again is for `may` to say.
///
/// # Errors
/// The error, with the judgement; in its place the panic of `may`.
#[inline]
pub fn judged<T, E: Into<BoxError>>(
    answer: Result<T, E>,
    may: fn(&E) -> bool,
) -> Result<T, Judged> {
    answer.map_err(|error| match guard(|| may(&error)) {
        Ok(may) => Judged::new(error.into(), !may),
        Err(panic) => Judged::new(
            format!("`retry(on = …)` {panic} on the error: {}", error.into()),
            true,
        ),
    })
}
