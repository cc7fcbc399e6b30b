//! One call of one stage, made again with what a kept failure of it was given: no lane, no broker, and nothing goes on from
//! there. What is kept is read by `failures`; what is printed is `runner`'s.

use std::fmt::Display;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;

use serde::Deserialize;
use tokio::runtime::Handle;

use super::each::Each;
use super::stages::Graph;
use crate::carrier::Answered;
use crate::error::Failure;
use crate::failures::Kept;
use crate::graph::NodeKind;
use crate::guard::{guard, note_panics};
use crate::ledger::{Epoch, Ledger, SlotId, Ticket};
use crate::observe::Sheet;
use crate::types::Record;

/// As many bytes of an answer are shown.
const LIMIT: usize = 1 << 20;

const SLOT: SlotId = SlotId(1);

/// One call, made again.
pub struct Replay {
    kept: Kept,
    pool: Handle,
    ledger: Ledger,
    outcome: Replayed,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Replayed {
    /// The stage has answered.
    Answered {
        text: String,
        form: &'static str,
    },
    Failed(Failure),
    /// It was not called, for this reason.
    Cannot(String),
}

/// A type that may be read from JSON. Generated code calls `read` on a reference to a reference to it.
#[derive(Debug)]
pub struct Reads<T>(pub PhantomData<T>);

/// A type that can be read from JSON.
pub trait ReadJson<T> {
    /// The value.
    ///
    /// # Errors
    /// What does not fit.
    fn read(&self, text: &'static str) -> Result<T, String>;
}

/// A type that cannot.
pub trait ReadNot<T> {
    /// No value.
    ///
    /// # Errors
    /// What would be needed.
    fn read(&self, text: &'static str) -> Result<T, String>;
}

// For `'static` and not for every lifetime: some types can be read from nothing else.
impl<T: Deserialize<'static>> ReadJson<T> for &Reads<T> {
    fn read(&self, text: &'static str) -> Result<T, String> {
        serde_json::from_str(text).map_err(|error| {
            let name = std::any::type_name::<T>();
            format!("what is kept does not fit `{name}` any more: {error}")
        })
    }
}

impl<T> ReadNot<T> for Reads<T> {
    fn read(&self, _text: &'static str) -> Result<T, String> {
        let name = std::any::type_name::<T>();
        Err(format!(
            "the stage takes `{name}`, which cannot be read: derive `serde::Deserialize` for it, beside `serde::Serialize`"
        ))
    }
}

/// Calls the stage of a kept failure again.
pub(crate) fn replay<G: Graph>(resources: G::Resources, kept: Kept, pool: Handle) -> Replayed {
    let stage = kept.text("stage").unwrap_or_default().to_owned();
    let mut nodes = G::spec().nodes.iter();
    let found = nodes.position(|node| node.name == stage && node.kind != NodeKind::Operator);
    let Some(node) = found else {
        return Replayed::Cannot(format!(
            "the pipeline `{}` has no stage `{stage}`, of which it is",
            G::spec().name
        ));
    };
    note_panics();
    let mut ledger = Ledger::new();
    ledger.open(SLOT, Epoch(1));
    let mut replay = Replay {
        kept,
        pool: pool.clone(),
        ledger,
        outcome: Replayed::Cannot("the stage did not answer".to_owned()),
    };
    let _inside = pool.enter();
    let called = guard(|| G::new(Arc::new(resources)).replay(node, &mut replay));
    match called {
        Ok(()) => replay.outcome,
        Err(failure) => Replayed::Failed(failure),
    }
}

/// What came of a call that was made again.
#[derive(Debug)]
pub struct Heard(Replayed);

impl Replay {
    /// The value that the stage was given, if it can be given again.
    pub fn value<T>(&mut self, read: fn(&'static str) -> Result<T, String>) -> Option<T> {
        let read = self.kept.argument().and_then(|text| {
            // There is one in a run, and what is read may borrow from it for ever.
            let text: &'static str = text.leak();
            guard(|| read(text)).unwrap_or_else(|panic| Err(panic.to_string()))
        });
        read.map_err(|why| self.outcome = Replayed::Cannot(why))
            .ok()
    }

    /// A ticket as the record's own was: what was kept of the record is with it.
    pub fn ticket(&mut self) -> Ticket {
        let meta = Arc::new(self.kept.meta());
        let offset = meta.position.offset;
        self.ledger.deliver(SLOT, offset, Some(meta))
    }

    /// Calls a source with the record.
    pub fn record(&mut self, call: impl FnOnce(&Record<'_>) -> Heard) {
        if !self.kept.has_record() {
            return self.cannot_for("the record was left out, since fields are masked");
        }
        let record = self.kept.record();
        let topic = Arc::from(record.topic.as_str());
        let (stream, offset) = (
            self.kept.emit_id().stream(),
            record.offset.unwrap_or_default(),
        );
        self.outcome = call(&record.view(&topic, stream, offset)).0;
    }

    /// Waits for an asynchronous call.
    ///
    /// # Errors
    /// The stage's own, or its panic.
    pub fn wait<V>(&self, work: impl Future<Output = Result<V, Failure>>) -> Result<V, Failure> {
        let handle = self.pool.clone();
        guard(|| handle.block_on(pin!(work)))?
    }

    /// Hears what came of the call.
    pub fn answer<V>(
        &mut self,
        outcome: Result<V, Failure>,
        ticket: Ticket,
        show: fn(&V, &mut Sheet),
    ) {
        self.ledger.abandon(ticket);
        self.hear(outcome, show);
    }

    /// As [`answer`](Replay::answer), where rows may have failed alone: the first of them counts.
    pub fn answered<V>(
        &mut self,
        outcome: Result<Answered<V>, Failure>,
        ticket: Ticket,
        show: fn(&V, &mut Sheet),
    ) {
        let outcome = outcome.and_then(|mut answered| match answered.outcomes.failed.is_empty() {
            true => Ok(answered.value),
            false => Err(answered.outcomes.failed.swap_remove(0).1),
        });
        self.answer(outcome, ticket, show);
    }

    /// As [`answer`](Replay::answer), of a `flat_map`: all its values.
    pub fn each<I: Iterator>(
        &mut self,
        outcome: Result<Each<I>, Failure>,
        ticket: Ticket,
        show: fn(&Vec<I::Item>, &mut Sheet),
    ) {
        let outcome = outcome.and_then(|mut each| {
            let mut values = Vec::new();
            while let Some(next) = each.next() {
                values.push(next?);
            }
            Ok(values)
        });
        self.answer(outcome, ticket, show);
    }

    /// The stage cannot be called alone.
    pub fn cannot(&mut self) {
        self.cannot_for("it is called with the offsets of a commit, and with no record");
    }

    fn cannot_for(&mut self, why: impl Display) {
        self.outcome = Replayed::Cannot(why.to_string());
    }

    fn hear<V>(&mut self, outcome: Result<V, Failure>, show: fn(&V, &mut Sheet)) {
        self.outcome = Self::heard(outcome, show).0;
    }

    /// What came of a call, written down: the value itself may borrow from what the call was given.
    pub fn heard<V>(outcome: Result<V, Failure>, show: impl FnOnce(&V, &mut Sheet)) -> Heard {
        let shown = outcome.and_then(|value| {
            guard(|| {
                let mut sheet = Sheet::new(LIMIT);
                show(&value, &mut sheet);
                drop(value);
                sheet
            })
        });
        Heard(match shown {
            Ok(sheet) => Replayed::Answered {
                text: sheet.text().to_owned(),
                form: sheet.form().map_or("name", crate::observe::Form::name),
            },
            Err(failure) => Replayed::Failed(failure),
        })
    }
}
