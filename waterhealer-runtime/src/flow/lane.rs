//! The lane as the stages see it: tickets are split here and settled in `settle`, messages handed to the producer; work that
//! waits is `pool`'s. The loop that feeds it is `work`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::breaker::Breaker;
use super::calls::{CallId, Calls};
use super::control::Control;
use super::failing::Failing;
use super::keep;
use super::mailbox::Mailbox;
use super::notes::Notes;
use super::observed::Watched;
use super::outbox::{Handed, Outbox};
use super::pool::Pool;
use super::seen::Failed;
use super::traced::Traces;
use crate::broker::Assigned;
use crate::carrier::FanOut;
use crate::clock::Clock;
use crate::error::Failure;
use crate::graph::{Keeps, Spec};
use crate::guard::guard;
use crate::ledger::{Epoch, Ledger, SlotId, Ticket};
use crate::operator::Effects;
use crate::types::{KafkaMessage, MessageParts, Position, Stream};

/// The slot of the values that are sent in by hand; Kafka's partitions come after it.
pub(super) const BY_HAND: SlotId = SlotId(0);

/// What a value sent in by hand comes to: finished, or why not.
pub(crate) type Waiter = oneshot::Sender<Result<(), String>>;

/// A value sent in by hand, and who waits for it.
pub(crate) struct Emission<E> {
    pub(crate) value: E,
    pub(crate) waiter: Waiter,
}

/// One lane: the ledger of its partitions, the calls under way and what the stages may do.
pub struct Lane<C> {
    /// Its number among the pipeline's lanes.
    pub(super) index: usize,
    pub(super) ledger: Ledger,
    pub(super) calls: Calls<C>,
    pub(super) mailbox: Arc<Mailbox<C>>,
    pub(super) control: Arc<Control>,
    pub(super) spec: &'static Spec,
    pub(super) keeps: Keeps,
    /// The consumer group, after which dead-letter topics are named.
    pub(super) group: String,
    /// The assigned partitions, by slot.
    pub(super) partitions: Vec<Option<Arc<Assigned>>>,
    pub(super) outbox: Option<Outbox>,
    pub(super) clock: Clock,
    pub(super) effects: Effects,
    pub(super) pool: Pool<C>,
    /// Records that wait inside the graph for a place; no new ones are taken in while there are any.
    pub(super) held: usize,
    /// Values that wait for their turn at a stage, or for another attempt.
    pub(super) lined_up: usize,
    pub(super) halted: bool,
    pub(super) waiters: HashMap<u64, Waiter>,
    pub(super) emitted: i64,
    pub(super) tally: Tally,
    /// What is finished, where a dedupe store is told.
    pub(super) notes: Option<Notes>,
    /// By node; empty where no stage has one.
    pub(super) breakers: Vec<Option<Breaker>>,
    /// Every failure, where somebody wants to read of them afterwards.
    pub(super) journal: Option<Vec<Failed>>,
    pub(super) watched: Watched,
    /// Its spans, where a collector wants them.
    pub(super) traces: Option<Box<Traces>>,
    /// How emit ids name values sent in by hand.
    pub(super) by_hand: Stream,
    pub(super) failing: Failing,
}

/// Counts since the start; published with the positions.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) finished: u64,
    pub(super) skipped: u64,
    pub(super) dead_lettered: u64,
    pub(super) failed: u64,
    /// Records that were finished before they were delivered.
    pub(super) passed_over: u64,
}

impl<C> Lane<C> {
    pub(crate) fn new(
        spec: &'static Spec,
        mailbox: Arc<Mailbox<C>>,
        control: Arc<Control>,
        pool: Handle,
        outbox: Option<Outbox>,
        clock: Clock,
    ) -> Self {
        let mut ledger = Ledger::new();
        ledger.open(BY_HAND, Epoch(0));
        Lane {
            index: 0,
            ledger,
            calls: Calls::new(),
            control,
            spec,
            keeps: spec.keeps(),
            group: String::new(),
            partitions: Vec::new(),
            outbox,
            clock,
            effects: Effects::default(),
            pool: Pool::new(pool, Arc::clone(&mailbox)),
            mailbox,
            held: 0,
            lined_up: 0,
            halted: false,
            waiters: HashMap::new(),
            emitted: 0,
            tally: Tally::default(),
            notes: None,
            breakers: breakers(spec),
            journal: None,
            watched: Watched::new(spec, true),
            traces: None,
            by_hand: Stream::new(&uuid::Uuid::new_v4().to_string(), ""),
            failing: Failing::default(),
        }
    }

    /// Counting and timing its stages, or not; telling each value that one gives, or not.
    #[must_use]
    pub(crate) fn watching(self, counts: bool, tells: bool) -> Self {
        Lane {
            watched: Watched::new(self.spec, counts).telling(tells),
            ..self
        }
    }

    /// The same as one of several lanes.
    #[must_use]
    pub(crate) fn numbered(self, index: usize) -> Self {
        Lane { index, ..self }
    }

    /// In this consumer group.
    pub(crate) fn in_group(self, group: impl Into<String>) -> Self {
        Lane {
            group: group.into(),
            ..self
        }
    }

    /// Says what is finished above the positions. It looks at all that is in flight, so only when a commit is near.
    pub(super) fn publish_finished(&self) {
        for assigned in self.partitions.iter().flatten() {
            if assigned.opening.done_set {
                let above = self.ledger.finished_above(assigned.slot);
                assigned.figures.publish_finished(above);
            }
        }
    }

    /// One more share of a record, for one more value made of it.
    #[inline]
    pub fn split(&mut self, ticket: &Ticket) -> Ticket {
        self.ledger.split(ticket)
    }

    /// A clone of the value for one of several stages, with a share of the record; `None` when the clone panicked,
    /// which has then failed that share.
    #[inline]
    pub fn fan_out<T: FanOut>(
        &mut self,
        node: usize,
        value: &T,
        ticket: &Ticket,
    ) -> Option<(T, Ticket)> {
        let share = self.ledger.split(ticket);
        match guard(|| value.clone()) {
            Ok(value) => Some((value, share)),
            Err(failure) => {
                self.failed(node, share, failure);
                None
            }
        }
    }

    /// Sends a message to Kafka; the record's share is finished once the broker has acknowledged it, or, in a transaction,
    /// once the producer has it.
    pub fn produce(
        &mut self,
        node: usize,
        topic: &'static str,
        message: KafkaMessage,
        ticket: Ticket,
    ) {
        let mut parts = match message.into_parts() {
            Ok(parts) => parts,
            Err(error) => return self.failed(node, ticket, Failure::error(error)),
        };
        self.note_written(node, || parts.bytes());
        let began = self.begin(node);
        let span = match self.is_traced() {
            true => self.trace_send(node, topic, &ticket, &mut parts),
            false => None,
        };
        let call = self.calls.open(node, ticket, began);
        self.calls.carry(call, span);
        self.hand_over(call, Cow::Borrowed(topic), parts);
    }

    /// Hands the message of a call over to the producer, which answers for it.
    pub(super) fn hand_over(
        &mut self,
        call: CallId,
        topic: Cow<'static, str>,
        parts: MessageParts,
    ) {
        let staging = match self.stage(call) {
            Stage::None => false,
            Stage::Noted => true,
            Stage::Stale => return self.let_go_of(call),
        };
        let handed = match &mut self.outbox {
            Some(outbox) => outbox.send(call, topic, parts),
            None => Handed::Refused("the pipeline has no producer".to_owned()),
        };
        match handed {
            // Only the commit of the transaction counts, and it fails if the message is not delivered.
            Handed::Over if staging => self.answered(call, Ok(())),
            Handed::Over => {}
            Handed::Kept => self.hold_intake(),
            Handed::Refused(why) => self.answered(call, Err(Failure::error(why))),
        }
    }

    /// The broker, or the pool, has answered for a call that has no value of its own.
    pub(super) fn answered(&mut self, call: CallId, outcome: Result<(), Failure>) {
        let Some(call) = self.calls.close(call) else {
            return;
        };
        if let Some(sent) = &call.letter {
            return self.letter_answered(sent, call.ticket, outcome);
        }
        self.end(call.node, call.began);
        self.trace_back(call.node, call.span);
        match outcome {
            Ok(()) => {
                self.pass(call.node, 1);
                self.note_given(call.node);
                self.settle(call.ticket);
            }
            Err(failure) => self.failed(call.node, call.ticket, failure),
        }
    }

    /// How soon messages that wait for the producer are to be tried again: it makes room only after it has answered, so an
    /// answer may come too early to tell.
    pub(super) fn retry_in(&self) -> Option<Duration> {
        self.outbox
            .as_ref()
            .is_some_and(Outbox::is_waiting)
            .then_some(Duration::from_millis(5))
    }

    /// How soon an operator wants to be asked.
    pub(super) fn wakes_in(&self) -> Option<Duration> {
        let wake = self.effects.wake?;
        Some(wake.since(self.clock.now()))
    }

    /// Hands on the messages that waited for the producer.
    pub(super) fn retry_outbox(&mut self) {
        self.drop_stale();
        while let Some((call, outcome)) = self.outbox.as_mut().and_then(Outbox::retry) {
            self.release_intake();
            match outcome {
                Err(why) => self.answered(call, Err(Failure::error(why))),
                Ok(()) if self.stages() => self.answered(call, Ok(())),
                Ok(()) => {}
            }
        }
    }

    /// Lets messages go that wait for a transaction that was given up, with the partitions of their records.
    fn drop_stale(&mut self) {
        while let Some(outbox) = self.outbox.as_mut()
            && outbox.staged().is_some()
            && let Some(call) = outbox.first()
            && let Some(ticket) = self.calls.ticket(call)
            && !self.ledger.is_live(ticket)
        {
            outbox.drop_first();
            self.release_intake();
            self.let_go_of(call);
        }
    }

    /// Notes that a message of this call goes into the transaction, if there are transactions.
    fn stage(&mut self, call: CallId) -> Stage {
        let (Some(staged), Some(ticket)) = (
            self.outbox.as_mut().and_then(Outbox::staged),
            self.calls.ticket(call),
        ) else {
            return Stage::None;
        };
        if !self.ledger.is_live(ticket) {
            return Stage::Stale;
        }
        self.ledger
            .each_record(ticket, &mut |slot, offset| staged.note(slot, offset));
        Stage::Noted
    }

    fn let_go_of(&mut self, call: CallId) {
        if let Some(call) = self.calls.close(call) {
            self.ledger.abandon(call.ticket);
        }
    }

    /// Whether it writes in transactions.
    fn stages(&mut self) -> bool {
        self.outbox.as_mut().and_then(Outbox::staged).is_some()
    }

    #[inline]
    pub(super) fn hold_intake(&mut self) {
        self.held += 1;
    }

    pub(super) fn release_intake(&mut self) {
        self.held = self.held.saturating_sub(1);
    }

    /// Whether nothing moves until something new comes.
    pub(super) fn is_at_rest(&self) -> bool {
        self.calls.len() == 0 && self.held == 0 && self.effects.wake.is_none()
    }

    #[inline]
    pub(super) fn is_held(&self) -> bool {
        self.held > 0
    }

    #[inline]
    pub(super) fn is_halted(&self) -> bool {
        self.halted
    }

    /// Notes a value sent in by hand.
    pub(super) fn deliver_by_hand(&mut self, waiter: Waiter) -> Ticket {
        let offset = self.emitted;
        self.emitted += 1;
        let meta = keep::of_position(self.keeps, || (by_hand(offset), self.by_hand));
        let ticket = self.ledger.deliver(BY_HAND, offset, meta);
        self.waiters.insert(ticket.serial().1, waiter);
        if self.is_traced() {
            self.trace_by_hand(offset);
        }
        ticket
    }
}

/// What a transaction, if there are any, makes of a message.
enum Stage {
    None,
    Noted,
    /// Its partition was given up, and what was staged of it thrown away: whoever has it now does it again.
    Stale,
}

fn breakers(spec: &Spec) -> Vec<Option<Breaker>> {
    let nodes = spec.nodes.iter();
    let breakers: Vec<_> = nodes.map(|node| node.breaker.map(Breaker::new)).collect();
    match breakers.iter().any(Option::is_some) {
        true => breakers,
        false => Vec::new(),
    }
}

pub(super) fn by_hand(offset: i64) -> Position {
    Position {
        topic: Arc::from("(by hand)"),
        partition: 0,
        offset,
    }
}
