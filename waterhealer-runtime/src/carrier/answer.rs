//! What a stage may answer: closed, sealed sets. A future, a handle or a nested `Result` is none of them, so work
//! that nobody awaits is refused. The traits that carry a type error to the user's own type live here too.

use super::batch::Batch;
use super::lend::Sealed;
use super::rows::{Answered, Outcomes, Rows};
use super::tracked::{Done, Tracked};
use crate::error::{BoxError, Failure};

mod sealed {
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made an answer of a stage: what a stage may answer is a closed set",
        label = "is none of the answers a stage may give",
        note = "answer `Tracked`, `Batch`, `Done`, `()` or a `Result` of these; a type of your own could stand for work that is not done"
    )]
    pub trait Closed {}

    pub trait Same<B> {}
    impl<T> Same<T> for T {}
}
use sealed::{Closed, Same};

/// What a sink over a plain value may answer: `()` or `Result<(), E>`.
#[diagnostic::on_unimplemented(
    message = "a sink answers `()` or `Result<(), E>`, not `{Self}`: this work is not awaited",
    label = "the record would count as finished before this is",
    note = "await it inside the sink (`async fn`), or turn the value into `()`: its record is healed as soon as the sink answers [WH0008]"
)]
pub trait SinkAnswer: Closed {
    #[doc(hidden)]
    fn into_receipt(self) -> Result<(), Failure>;
}

impl Closed for () {}
impl SinkAnswer for () {
    #[inline]
    fn into_receipt(self) -> Result<(), Failure> {
        Ok(())
    }
}

impl<E> Closed for Result<(), E> {}
impl<E: Into<BoxError>> SinkAnswer for Result<(), E> {
    #[inline]
    fn into_receipt(self) -> Result<(), Failure> {
        self.map_err(|error| Failure::error(error))
    }
}

/// A sink's answer as an outcome.
///
/// # Errors
/// The sink's error.
#[inline]
pub fn receipt<A: SinkAnswer>(answer: A) -> Result<(), Failure> {
    answer.into_receipt()
}

/// What a stage over a carrier may answer: the carrier of the same record, or an error in its place.
#[diagnostic::on_unimplemented(
    message = "a stage that takes `Tracked<T>` answers `Tracked<U>` or `Result<Tracked<U>, E>`, not `{Self}`",
    label = "the record's carrier does not come back here",
    note = "give the carrier back: `x.map(…)`, `x.put(…)`; in a sink `x.done()` [WH0009]"
)]
pub trait MapAnswer<'record>: Closed {
    /// The value that goes on.
    type Value;
    #[doc(hidden)]
    fn into_sealed(self) -> Sealed<Self::Value>;
}

impl<T> Closed for Tracked<'_, T> {}
impl<'record, T> MapAnswer<'record> for Tracked<'record, T> {
    type Value = T;
    #[inline]
    fn into_sealed(self) -> Sealed<T> {
        Sealed::new(Some(self.origin.serial), Ok(self.value))
    }
}

impl<T, E> Closed for Result<Tracked<'_, T>, E> {}
impl<'record, T, E: Into<BoxError>> MapAnswer<'record> for Result<Tracked<'record, T>, E> {
    type Value = T;
    #[inline]
    fn into_sealed(self) -> Sealed<T> {
        match self {
            Ok(carrier) => carrier.into_sealed(),
            Err(error) => Sealed::new(None, Err(Failure::error(error))),
        }
    }
}

/// What a stage over a batch may answer: the batch with the same records, or an error in its place.
#[diagnostic::on_unimplemented(
    message = "a stage that takes `Batch<T>` answers `Batch<U>` or `Result<Batch<U>, E>`, not `{Self}`",
    label = "the batch does not come back here",
    note = "give the batch back: `rows.map(…)`, `rows.put(…)`; in a sink `rows.done()` [WH0009]"
)]
pub trait BatchAnswer<'record>: Closed {
    /// The rows that go on.
    type Value;
    #[doc(hidden)]
    fn into_sealed(self) -> Sealed<Answered<Self::Value>>;
}

impl<T> Closed for Batch<'_, T> {}
impl<'record, T> BatchAnswer<'record> for Batch<'record, T> {
    type Value = Rows<T>;
    #[inline]
    fn into_sealed(self) -> Sealed<Answered<Rows<T>>> {
        let Batch {
            rows,
            serial,
            outcomes,
            ..
        } = self;
        let answer = outcomes.map(|outcomes| Answered {
            value: rows,
            outcomes,
        });
        Sealed::new(Some(serial), answer)
    }
}

impl<T, E> Closed for Result<Batch<'_, T>, E> {}
impl<'record, T, E: Into<BoxError>> BatchAnswer<'record> for Result<Batch<'record, T>, E> {
    type Value = Rows<T>;
    #[inline]
    fn into_sealed(self) -> Sealed<Answered<Rows<T>>> {
        match self {
            Ok(batch) => batch.into_sealed(),
            Err(error) => Sealed::new(None, Err(Failure::error(error))),
        }
    }
}

/// What a sink over a carrier may answer: the receipt of the same record, or an error in its place.
#[diagnostic::on_unimplemented(
    message = "a sink that takes `Tracked<T>` or `Batch<T>` answers `Done` or `Result<Done, E>`, not `{Self}`",
    label = "the record's receipt does not come back here",
    note = "answer `x.done()` once the work is done [WH0009]"
)]
pub trait DoneAnswer<'record>: Closed {
    #[doc(hidden)]
    fn into_sealed(self) -> Sealed<Answered<()>>;
}

impl Closed for Done<'_> {}
impl<'record> DoneAnswer<'record> for Done<'record> {
    #[inline]
    fn into_sealed(self) -> Sealed<Answered<()>> {
        let outcomes = match self.rows {
            None => Ok(Outcomes::default()),
            Some(outcomes) => *outcomes,
        };
        let answer = outcomes.map(|outcomes| Answered {
            value: (),
            outcomes,
        });
        Sealed::new(Some(self.serial), answer)
    }
}

impl<E> Closed for Result<Done<'_>, E> {}
impl<'record, E: Into<BoxError>> DoneAnswer<'record> for Result<Done<'record>, E> {
    #[inline]
    fn into_sealed(self) -> Sealed<Answered<()>> {
        match self {
            Ok(receipt) => receipt.into_sealed(),
            Err(error) => Sealed::new(None, Err(Failure::error(error))),
        }
    }
}

/// A stage's `Result`, whatever alias it is written with.
pub trait Fallible {
    /// The value of its success.
    type Value;
}

impl<T, E> Fallible for Result<T, E> {
    type Value = T;
}

/// An edge whose two ends have one type.
#[diagnostic::on_unimplemented(
    message = "this stage takes `{B}`, but the stage it is fed by gives `{Self}`",
    label = "takes `{B}`, is given `{Self}`",
    note = "change this parameter's type, or put a `#[map]` between the two [WH0007]"
)]
pub trait Feeds<B>: Same<B> {
    #[doc(hidden)]
    fn feed(self) -> B;
}

impl<T> Feeds<T> for T {
    #[inline]
    fn feed(self) -> T {
        self
    }
}

/// As [`Feeds`], for the rows of a batch.
#[diagnostic::on_unimplemented(
    message = "this stage takes a batch of `{T}`, but the stage it is fed by gives a batch of `{Self}`",
    label = "takes rows of `{T}`, is given rows of `{Self}`",
    note = "change this parameter's type, or put a `#[map]` between the two [WH0007]"
)]
pub trait FeedsRows<T>: Same<T> + Sized {
    /// The same rows.
    fn feed_rows(rows: Rows<Self>) -> Rows<T>;
}

impl<T> FeedsRows<T> for T {
    #[inline]
    fn feed_rows(rows: Rows<T>) -> Rows<T> {
        rows
    }
}

/// A value that is needed more than once: by several stages, or by one and a window, a join or a state.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is needed more than once, so it must be `Clone`",
    label = "each stage, window or state but one is given a clone of this",
    note = "derive `Clone` for it, or for what it holds, or wrap that in `Arc` [WH0006]"
)]
pub trait FanOut: Clone {}

impl<T: Clone> FanOut for T {}
