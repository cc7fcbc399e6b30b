//! Lending a carrier for one call. The functions that lend, for one record or a batch, are the only places that make one,
//! and what they hand out is good for every lifetime `'record` and so for none in particular: it cannot outlive the call or
//! meet another record's.

use std::marker::PhantomData;
use std::sync::Arc;

use super::answer::{BatchAnswer, DoneAnswer, MapAnswer};
use super::batch::Batch;
use super::rows::{Answered, Outcomes, Rows};
use super::tracked::{Origin, Tracked};
use crate::error::Failure;
use crate::guard::guard;
use crate::ledger::Ticket;
use crate::types::{EmitId, Meta, Position};

/// Proves that an answer belongs to the record that was lent under the same brand.
pub struct Brand<'record> {
    mark: PhantomData<fn(&'record ()) -> &'record ()>,
}

/// An answer with the serial of the carrier that came back in it.
pub struct Sealed<R> {
    /// `None` when an error came in place of the carrier.
    serial: Option<(u32, u64)>,
    answer: Result<R, Failure>,
}

impl<R> Sealed<R> {
    #[inline]
    pub(super) fn new(serial: Option<(u32, u64)>, answer: Result<R, Failure>) -> Self {
        Sealed { serial, answer }
    }

    /// The answer, if the carrier in it is the one that was lent. The types already say so; a lifetime that
    /// `unsafe` code or a compiler's defect forged is found here.
    #[inline]
    fn open(self, lent: (u32, u64)) -> Result<R, Failure> {
        match self.serial {
            Some(serial) if serial != lent => Err(Failure::lost(
                "the stage answered with another record's carrier: its lifetime was forged by `unsafe` code",
            )),
            _ => self.answer,
        }
    }
}

impl<'record> Brand<'record> {
    /// Seals what a stage over `Tracked<T>` answered.
    #[inline]
    pub fn seal<A: MapAnswer<'record>>(self, answer: A) -> Sealed<A::Value> {
        answer.into_sealed()
    }

    /// Seals what a sink over `Tracked<T>` answered.
    #[inline]
    pub fn seal_done<A: DoneAnswer<'record>>(self, answer: A) -> Sealed<()> {
        // A receipt for one record has no rows to tell about.
        let Sealed { serial, answer } = answer.into_sealed();
        Sealed::new(serial, answer.map(|answered| answered.value))
    }

    /// Seals what a stage over `Batch<T>` answered.
    #[inline]
    pub fn seal_batch<A: BatchAnswer<'record>>(self, answer: A) -> Sealed<Answered<A::Value>> {
        answer.into_sealed()
    }

    /// Seals what a sink over `Batch<T>` answered.
    #[inline]
    pub fn seal_batch_done<A: DoneAnswer<'record>>(self, answer: A) -> Sealed<Answered<()>> {
        answer.into_sealed()
    }

    /// Seals what a stage over `&Tracked<T>` answered.
    #[inline]
    pub fn give<T, U>(self, answer: Result<U, Failure>, carrier: Tracked<'record, T>) -> Sealed<U> {
        Sealed::new(Some(carrier.origin.serial), answer)
    }

    /// Seals what a filter over `&Tracked<T>` answered: the value goes on if it is kept.
    #[inline]
    pub fn keep<T>(
        self,
        answer: Result<bool, Failure>,
        carrier: Tracked<'record, T>,
    ) -> Sealed<Option<T>> {
        let serial = carrier.origin.serial;
        Sealed::new(
            Some(serial),
            answer.map(|keep| keep.then_some(carrier.value)),
        )
    }
}

/// Lends `value` as the carrier of `ticket`'s record for one call of a stage.
///
/// # Errors
/// The stage's own error, or its panic.
pub fn lend<T, R>(
    value: T,
    ticket: &Ticket,
    call: impl for<'record> FnOnce(Brand<'record>, Tracked<'record, T>) -> Sealed<R>,
) -> Result<R, Failure> {
    lend_later(value, ticket, call)()
}

/// As [`lend`], for a call that is made later and elsewhere: what the ticket says is taken along, the ticket is not.
#[inline]
pub fn lend_later<T, R, F>(
    value: T,
    ticket: &Ticket,
    call: F,
) -> impl FnOnce() -> Result<R, Failure> + use<T, R, F>
where
    F: for<'record> FnOnce(Brand<'record>, Tracked<'record, T>) -> Sealed<R>,
{
    let origin = origin(ticket);
    move || {
        let (serial, meta) = origin?;
        guard(move || call(Brand { mark: PhantomData }, carrier(value, serial, meta)))?.open(serial)
    }
}

/// A stage that holds a carrier across `await`.
pub trait AsyncStage: Send + 'static {
    /// The value lent.
    type In: Send + 'static;
    /// The value answered.
    type Value: Send + 'static;

    /// Calls the stage. It is written for every `'record`, so that no carrier can leave it.
    fn call<'record>(
        self,
        brand: Brand<'record>,
        carrier: Tracked<'record, Self::In>,
    ) -> impl Future<Output = Sealed<Self::Value>> + Send;
}

/// Lends `value` as the carrier of `ticket`'s record until the stage's future is done.
pub fn lend_async<S: AsyncStage>(
    value: S::In,
    ticket: &Ticket,
    stage: S,
) -> impl Future<Output = Result<S::Value, Failure>> + Send + 'static {
    let origin = origin(ticket);
    async move {
        let (serial, meta) = origin?;
        stage
            .call(Brand { mark: PhantomData }, carrier(value, serial, meta))
            .await
            .open(serial)
    }
}

/// Lends `rows` as the batch of `ticket`'s records for one call of a stage.
///
/// # Errors
/// The stage's own error, its panic, or another number of values than there were rows: the whole batch failed.
pub fn lend_batch<T, R>(
    rows: Rows<T>,
    ticket: &Ticket,
    call: impl for<'record> FnOnce(Brand<'record>, Batch<'record, T>) -> Sealed<Answered<R>>,
) -> Result<Answered<R>, Failure> {
    lend_batch_later(rows, ticket, call)()
}

/// As [`lend_batch`], for a call that is made later and elsewhere.
#[inline]
pub fn lend_batch_later<T, R, F>(
    rows: Rows<T>,
    ticket: &Ticket,
    call: F,
) -> impl FnOnce() -> Result<Answered<R>, Failure> + use<T, R, F>
where
    F: for<'record> FnOnce(Brand<'record>, Batch<'record, T>) -> Sealed<Answered<R>>,
{
    let serial = ticket.serial();
    move || guard(move || call(Brand { mark: PhantomData }, batch(rows, serial)))?.open(serial)
}

/// A stage that holds a batch across `await`.
pub trait AsyncBatchStage: Send + 'static {
    /// A row lent.
    type In: Send + 'static;
    /// What is answered: rows, or nothing by a sink.
    type Value: Send + 'static;

    /// Calls the stage. It is written for every `'record`, so that no batch can leave it.
    fn call<'record>(
        self,
        brand: Brand<'record>,
        batch: Batch<'record, Self::In>,
    ) -> impl Future<Output = Sealed<Answered<Self::Value>>> + Send;
}

/// Lends `rows` as the batch of `ticket`'s records until the stage's future is done.
pub fn lend_batch_async<S: AsyncBatchStage>(
    rows: Rows<S::In>,
    ticket: &Ticket,
    stage: S,
) -> impl Future<Output = Result<Answered<S::Value>, Failure>> + Send + 'static {
    let serial = ticket.serial();
    async move {
        stage
            .call(Brand { mark: PhantomData }, batch(rows, serial))
            .await
            .open(serial)
    }
}

/// Lends `value` as a carrier to a test of a stage. The record is made up: position `test[0]@0`, no key, no headers.
///
/// ```
/// use waterhealer_runtime::{Tracked, testing};
/// fn double<'record>(x: Tracked<'record, u64>) -> Tracked<'record, u64> {
///     x.map(|x| x * 2)
/// }
/// assert_eq!(testing::with(21, |x| *double(x).value()), 42);
/// ```
pub fn with<T, R>(value: T, test: impl for<'record> FnOnce(Tracked<'record, T>) -> R) -> R {
    let meta = Arc::new(Meta {
        position: Position {
            topic: Arc::from("test"),
            partition: 0,
            offset: 0,
        },
        emit_id: EmitId::new("", "test", 0, 0),
        key: None,
        headers: Vec::new(),
        timestamp: None,
        value: None,
    });
    test(carrier(value, NO_RECORD, meta))
}

/// Lends `rows` as a batch to a test of a stage. Its records are made up.
///
/// ```
/// use waterhealer_runtime::{Batch, testing};
/// fn large<'record>(rows: Batch<'record, u64>) -> Batch<'record, u64> {
///     rows.retain(|row| *row > 100)
/// }
/// testing::with_batch(vec![7, 700], |rows| assert_eq!(large(rows).as_slice(), [700]));
/// ```
pub fn with_batch<T, R>(rows: Vec<T>, test: impl for<'record> FnOnce(Batch<'record, T>) -> R) -> R {
    test(batch(Rows::new(rows), NO_RECORD))
}

/// The serial of a carrier made up for a test. No ticket has it, so that it stands in for no record.
const NO_RECORD: (u32, u64) = (u32::MAX, u64::MAX);

type Lent = ((u32, u64), Arc<Meta>);

fn origin(ticket: &Ticket) -> Result<Lent, Failure> {
    match ticket.meta() {
        Some(meta) => Ok((ticket.serial(), Arc::clone(meta))),
        None => Err(Failure::lost(
            "the record's position was not kept: the graph does not say that a stage takes `Tracked`",
        )),
    }
}

fn carrier<'record, T>(value: T, serial: (u32, u64), meta: Arc<Meta>) -> Tracked<'record, T> {
    Tracked {
        value,
        origin: Origin {
            serial,
            meta,
            brand: PhantomData,
        },
    }
}

fn batch<'record, T>(rows: Rows<T>, serial: (u32, u64)) -> Batch<'record, T> {
    Batch {
        rows,
        serial,
        outcomes: Ok(Outcomes::default()),
        brand: PhantomData,
    }
}
