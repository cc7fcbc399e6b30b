//! The lane as the stages see it: tickets are split, settled and failed here, work that waits is handed to the pool,
//! messages to the producer. The loop that feeds it is `work`.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::calls::{CallId, Calls};
use super::control::{Control, Halt};
use super::mailbox::{Mailbox, Notice};
use super::outbox::{Handed, Outbox};
use crate::broker::Assigned;
use crate::carrier::FanOut;
use crate::clock::Clock;
use crate::error::Failure;
use crate::graph::{OnError, Spec};
use crate::guard::guard;
use crate::ledger::{Epoch, Ledger, Settled, SlotId, Ticket};
use crate::operator::Effects;
use crate::types::{KafkaMessage, Meta, Position};

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
    pub(super) ledger: Ledger,
    pub(super) calls: Calls,
    pub(super) mailbox: Arc<Mailbox<C>>,
    pub(super) control: Arc<Control>,
    pub(super) spec: &'static Spec,
    pub(super) keeps_meta: bool,
    /// The assigned partitions, by slot.
    pub(super) partitions: Vec<Option<Arc<Assigned>>>,
    pub(super) outbox: Option<Outbox>,
    pub(super) clock: Clock,
    pub(super) effects: Effects,
    pool: Handle,
    /// Records that wait inside the graph for a place; no new ones are taken in while there are any.
    pub(super) held: usize,
    halted: bool,
    pub(super) waiters: HashMap<u64, Waiter>,
    pub(super) emitted: i64,
    pub(super) tally: Tally,
}

/// Counts since the start; published with the positions.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) finished: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
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
            ledger,
            calls: Calls::default(),
            mailbox,
            control,
            spec,
            keeps_meta: spec.keeps_meta(),
            partitions: Vec::new(),
            outbox,
            clock,
            effects: Effects::default(),
            pool,
            held: 0,
            halted: false,
            waiters: HashMap::new(),
            emitted: 0,
            tally: Tally::default(),
        }
    }

    /// One more share of a record, for one more value made of it.
    #[inline]
    pub fn split(&mut self, ticket: &Ticket) -> Ticket {
        self.ledger.split(ticket)
    }

    /// Finishes a share: the value has reached its end.
    #[inline]
    pub fn settle(&mut self, ticket: Ticket) {
        if ticket.slot() == BY_HAND || ticket.is_joined() {
            return self.settle_special(ticket);
        }
        if self.ledger.settle(ticket) == Settled::Finished {
            self.tally.finished += 1;
        }
    }

    fn settle_special(&mut self, ticket: Ticket) {
        if ticket.is_joined() {
            for member in self.ledger.part(ticket) {
                self.settle(member);
            }
            return;
        }
        let serial = ticket.serial().1;
        if self.ledger.settle(ticket) == Settled::Finished {
            self.tally.finished += 1;
            if let Some(waiter) = self.waiters.remove(&serial) {
                // Whoever sent it may have stopped waiting.
                let _gone = waiter.send(Ok(()));
            }
        }
    }

    /// A stage has failed on a record: the stage's policy decides. A panic halts under any policy.
    #[cold]
    pub fn failed(&mut self, node: usize, ticket: Ticket, failure: Failure) {
        if !self.is_live(&ticket) {
            // Its partition was given up while it worked: whoever has it now does it again.
            tracing::warn!(node, error = %failure, "a record of a revoked partition failed; its next owner has it");
            return self.ledger.abandon(ticket);
        }
        self.tally.failed += 1;
        let position = self.position(&ticket);
        let (stage, policy) = self.policy(node);
        if policy == OnError::Skip && failure.is_error() {
            tracing::warn!(stage, %position, error = %failure, "record skipped");
            self.tally.skipped += 1;
            return self.settle(ticket);
        }
        self.refuse(ticket, &format!("`{stage}`: {failure}"));
        self.halt(Halt {
            stage,
            position,
            failure,
        });
    }

    /// A stage that stands beside the records has failed, on the offsets of a commit.
    #[cold]
    pub fn failed_apart(&mut self, node: usize, offsets: &[Position], failure: Failure) {
        self.tally.failed += 1;
        let (stage, policy) = self.policy(node);
        if policy == OnError::Skip && failure.is_error() {
            return tracing::warn!(stage, error = %failure, "failed on the offsets of a commit; going on");
        }
        let position = offsets.first().cloned().unwrap_or_else(|| by_hand(-1));
        self.halt(Halt {
            stage,
            position,
            failure,
        });
    }

    fn policy(&self, node: usize) -> (&'static str, OnError) {
        let node = self.spec.nodes.get(node);
        node.map_or(("?", OnError::Halt), |node| (node.name, node.on_error))
    }

    /// Lets a share go unfinished, and tells who waits for it why.
    fn refuse(&mut self, ticket: Ticket, why: &str) {
        if ticket.is_joined() {
            for member in self.ledger.part(ticket) {
                self.refuse(member, why);
            }
            return;
        }
        if ticket.slot() == BY_HAND
            && let Some(waiter) = self.waiters.remove(&ticket.serial().1)
        {
            let _gone = waiter.send(Err(why.to_owned()));
        }
        self.ledger.abandon(ticket);
    }

    /// A record of a source that the graph does not have; it stays unfinished.
    #[cold]
    pub fn unrouted(&mut self, ticket: Ticket) {
        let position = self.position(&ticket);
        self.ledger.abandon(ticket);
        self.halt(Halt {
            stage: "?",
            position,
            failure: Failure::lost("no source of the pipeline reads it"),
        });
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

    /// Sends a message to Kafka; the record's share is finished once the broker has acknowledged it.
    pub fn produce(
        &mut self,
        node: usize,
        topic: &'static str,
        message: KafkaMessage,
        ticket: Ticket,
    ) {
        let parts = match message.into_parts() {
            Ok(parts) => parts,
            Err(error) => return self.failed(node, ticket, Failure::error(error.into())),
        };
        let call = self.calls.open(node, ticket);
        let handed = match &mut self.outbox {
            Some(outbox) => outbox.send(call, topic, parts),
            None => Handed::Refused("the pipeline has no producer".to_owned()),
        };
        match handed {
            Handed::Over => {}
            Handed::Kept => self.hold_intake(),
            Handed::Refused(why) => self.answered(call, Err(Failure::error(why.into()))),
        }
    }

    /// The broker, or the pool, has answered for a call that has no value of its own.
    pub(super) fn answered(&mut self, call: CallId, outcome: Result<(), Failure>) {
        let Some(call) = self.calls.close(call) else {
            return;
        };
        match outcome {
            Ok(()) => self.settle(call.ticket),
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
        while let Some((call, outcome)) = self.outbox.as_mut().and_then(Outbox::retry) {
            self.release_intake();
            if let Err(why) = outcome {
                self.answered(call, Err(Failure::error(why.into())));
            }
        }
    }

    pub(super) fn abandon(&mut self, ticket: Ticket) {
        if ticket.is_joined() {
            for member in self.ledger.part(ticket) {
                self.abandon(member);
            }
            return;
        }
        if ticket.slot() == BY_HAND {
            self.waiters.remove(&ticket.serial().1);
        }
        self.ledger.abandon(ticket);
    }

    pub(super) fn is_live(&self, ticket: &Ticket) -> bool {
        self.ledger.is_live(ticket)
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

    pub(super) fn halt(&mut self, halt: Halt) {
        tracing::error!(stage = halt.stage, position = %halt.position, error = %halt.failure, "the pipeline halts");
        self.halted = true;
        self.control.halt(halt);
    }

    #[inline]
    pub(super) fn is_halted(&self) -> bool {
        self.halted
    }

    /// Where a ticket's record stands; of a joined one, the first that is still of an assignment.
    pub(super) fn position(&self, ticket: &Ticket) -> Position {
        let ticket = self.ledger.lead(ticket).unwrap_or(ticket);
        let partition = self
            .partitions
            .get(ticket.slot().0 as usize)
            .and_then(Option::as_ref)
            .filter(|assigned| assigned.epoch == ticket.epoch());
        let offset = self.ledger.offset(ticket).unwrap_or(-1);
        match partition {
            Some(assigned) => Position {
                topic: Arc::clone(&assigned.topic),
                partition: assigned.partition,
                offset,
            },
            None => by_hand(offset),
        }
    }

    /// Notes a value sent in by hand.
    pub(super) fn deliver_by_hand(&mut self, waiter: Waiter) -> Ticket {
        let offset = self.emitted;
        self.emitted += 1;
        let meta = self.keeps_meta.then(|| {
            Arc::new(Meta {
                position: by_hand(offset),
                key: None,
                headers: Vec::new(),
                timestamp: None,
            })
        });
        let ticket = self.ledger.deliver(BY_HAND, offset, meta);
        self.waiters.insert(ticket.serial().1, waiter);
        ticket
    }
}

impl<C: Send + 'static> Lane<C> {
    /// Starts an asynchronous call: polls it once here, which is all that a future without waiting needs, and hands it
    /// to the pool if it waits. `None` means that the answer comes as a completion.
    pub fn start<V: Send + 'static>(
        &mut self,
        node: usize,
        work: impl Future<Output = Result<V, Failure>> + Send + 'static,
        ticket: Ticket,
        completion: fn(Result<V, Failure>) -> C,
    ) -> Option<(Result<V, Failure>, Ticket)> {
        let mut work = Box::pin(work);
        // The pool polls again with a waker of its own, so nothing is lost by polling with none.
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(outcome) = poll_guarded(work.as_mut(), &mut context) {
            return Some((outcome, ticket));
        }
        let call = self.calls.open(node, ticket);
        let answer = Answer {
            mailbox: Some(Arc::clone(&self.mailbox)),
            call,
        };
        let task = self.pool.spawn(async move {
            let outcome = poll_fn(|context| poll_guarded(work.as_mut(), context)).await;
            answer.give(completion(outcome));
        });
        self.calls.attach(call, task);
        None
    }
}

#[inline]
fn poll_guarded<V>(
    work: Pin<&mut impl Future<Output = Result<V, Failure>>>,
    context: &mut Context<'_>,
) -> Poll<Result<V, Failure>> {
    match guard(|| work.poll(context)) {
        Ok(poll) => poll,
        Err(failure) => Poll::Ready(Err(failure)),
    }
}

/// The promise to answer for a call: a task that is cancelled answers too.
struct Answer<C> {
    mailbox: Option<Arc<Mailbox<C>>>,
    call: CallId,
}

impl<C> Answer<C> {
    fn give(mut self, completion: C) {
        if let Some(mailbox) = self.mailbox.take() {
            mailbox.notify(Notice::Completed(self.call, completion));
        }
    }
}

impl<C> Drop for Answer<C> {
    fn drop(&mut self) {
        if let Some(mailbox) = self.mailbox.take() {
            let lost = Failure::lost("the task was cancelled before it answered");
            mailbox.notify(Notice::Answered(self.call, Err(lost)));
        }
    }
}

fn by_hand(offset: i64) -> Position {
    Position {
        topic: Arc::from("(by hand)"),
        partition: 0,
        offset,
    }
}
