//! `Tracked` and its receipt `Done`: what a stage may do with a carrier. Every operation consumes one carrier and gives
//! one of the same brand, or the receipt. There is no constructor here that user code could call.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::rows::Outcomes;
use crate::error::{BoxError, Failure};
use crate::types::{EmitId, Meta, Position};

/// Invariant in `'record`, so that no brand can stand in for another; `Send` and `Sync` as a function pointer is.
pub(super) type BrandMark<'record> = PhantomData<fn(&'record ()) -> &'record ()>;

/// A value on its way through the pipeline together with the record it came from.
///
/// A stage that takes a `Tracked<T>` must give it back, as `Tracked<U>` or, in a sink, as [`Done`]: dropping it,
/// keeping it or answering with another record's does not compile. Write it without the lifetime; `#[pipeline]` names it.
///
/// ```
/// # use waterhealer_runtime::Tracked;
/// # struct Order; struct Priced { offset: i64 }
/// fn price<'record>(order: Tracked<'record, Order>) -> Tracked<'record, Priced> {
///     let offset = order.position().offset;
///     order.map(|_order| Priced { offset })
/// }
/// ```
#[must_use = "the record's offset would never be committed: return the carrier, or `.done()` in a sink"]
pub struct Tracked<'record, T> {
    pub(super) value: T,
    pub(super) origin: Origin<'record>,
}

pub(super) struct Origin<'record> {
    pub(super) serial: (u32, u64),
    pub(super) meta: Arc<Meta>,
    pub(super) brand: BrandMark<'record>,
}

/// The receipt for a carrier whose work is done: what a sink over `Tracked<T>` or [`Batch<T>`](crate::Batch) answers.
#[must_use = "the record's offset would never be committed: return the receipt"]
pub struct Done<'record> {
    pub(super) serial: (u32, u64),
    /// What became of rows that had left their batch before; `None` when there are none. An error: the whole batch failed.
    pub(super) rows: Option<Box<Result<Outcomes, Failure>>>,
    pub(super) brand: BrandMark<'record>,
}

impl<'record, T> Tracked<'record, T> {
    /// The value, borrowed; `*carrier` and method calls reach it too.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value, to be changed in place.
    pub fn value_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// The same carrier with the value that `change` makes of this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Tracked<'record, U> {
        let Tracked { value, origin } = self;
        Tracked {
            value: change(value),
            origin,
        }
    }

    /// The same carrier with the value that `change` makes of this one, if it succeeds.
    ///
    /// # Errors
    /// What `change` answers; the stage then returns it and the record goes to the stage's `on_error` policy.
    pub fn try_map<U, E>(
        self,
        change: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<Tracked<'record, U>, E> {
        let Tracked { value, origin } = self;
        Ok(Tracked {
            value: change(value)?,
            origin,
        })
    }

    /// Takes the value out and leaves the empty carrier, to be filled with [`put`](Tracked::put): for values that are
    /// worked on across an `await`.
    pub fn take(self) -> (T, Tracked<'record, ()>) {
        let Tracked { value, origin } = self;
        (value, Tracked { value: (), origin })
    }

    /// The same carrier with another value.
    pub fn put<U>(self, value: U) -> Tracked<'record, U> {
        Tracked {
            value,
            origin: self.origin,
        }
    }

    /// The receipt: the work for this record is done. What a sink answers.
    pub fn done(self) -> Done<'record> {
        Done {
            serial: self.origin.serial,
            rows: None,
            brand: PhantomData,
        }
    }

    /// Where the record stands.
    pub fn position(&self) -> &Position {
        &self.origin.meta.position
    }

    /// Its emit id: the name of the record, wherever it is spoken of.
    pub fn emit_id(&self) -> EmitId {
        self.origin.meta.emit_id
    }

    /// The record's key; `None` when it has none.
    pub fn key(&self) -> Option<&[u8]> {
        self.origin.meta.key.as_deref()
    }

    /// Milliseconds since the Unix epoch, as the broker or the producer set it.
    pub fn timestamp(&self) -> Option<i64> {
        self.origin.meta.timestamp
    }

    /// The record's headers in the order written: name and value.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.origin
            .meta
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_deref()))
    }
}

impl<'record, T, E: Into<BoxError>> Tracked<'record, Result<T, E>> {
    /// Turns a carried result inside out, so that `?` works on it.
    ///
    /// # Errors
    /// The carried error.
    pub fn transpose(self) -> Result<Tracked<'record, T>, E> {
        self.try_map(|value| value)
    }
}

impl<T> Deref for Tracked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Tracked<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracked")
            .field("value", &self.value)
            .field("position", self.position())
            .finish()
    }
}

impl fmt::Debug for Done<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Done").finish_non_exhaustive()
    }
}
