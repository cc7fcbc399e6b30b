//! The lane settles tickets: a share is finished, failed or let go, a joined one by its members. Who waits for a value sent
//! in by hand hears of it here. What an operator or a batch asks for is done in `operate`, dead letters are sent in `letters`.

use std::sync::Arc;

use super::control::Halt;
use super::lane::{BY_HAND, Lane, by_hand};
use super::seen::Failed;
use crate::error::{Failure, FailureKind};
use crate::failures::Fate;
use crate::graph::OnError;
use crate::ledger::{Settled, Ticket};
use crate::types::{EmitId, Position};

impl<C> Lane<C> {
    /// Finishes a share: the value has reached its end.
    #[inline]
    pub fn settle(&mut self, ticket: Ticket) {
        if ticket.slot() == BY_HAND || ticket.is_joined() {
            return self.settle_special(ticket);
        }
        let traced = self.traced_key(&ticket);
        let finished = match self.notes {
            None => self.ledger.settle(ticket) == Settled::Finished,
            Some(_) => self.settle_noted(ticket),
        };
        if finished {
            self.tally.finished += 1;
            self.trace_finished(traced);
        }
    }

    #[inline(never)]
    fn settle_special(&mut self, ticket: Ticket) {
        if ticket.is_joined() {
            for member in self.ledger.part(ticket) {
                self.settle(member);
            }
            return;
        }
        let serial = ticket.serial().1;
        let traced = self.traced_key(&ticket);
        if self.ledger.settle(ticket) == Settled::Finished {
            self.tally.finished += 1;
            self.trace_finished(traced);
            if let Some(waiter) = self.waiters.remove(&serial) {
                // Who is told may look at once.
                self.show_values();
                // Whoever sent it may have stopped waiting.
                let _gone = waiter.send(Ok(()));
            }
        }
    }

    /// A stage has failed on a record: the stage's policies decide.
    #[cold]
    pub fn failed(&mut self, node: usize, ticket: Ticket, failure: Failure) {
        if !self.is_live(&ticket) {
            // Its partition was given up while it worked: whoever has it now does it again.
            tracing::warn!(stage = self.name(node), error = %failure, "a record of a revoked partition failed; its next owner has it");
            return self.ledger.abandon(ticket);
        }
        self.stand(node, &ticket);
        self.tally.failed += 1;
        self.note_failure(node, &failure);
        self.trace_failed(node, &ticket, &failure);
        let (position, emit_id) = (self.position(&ticket), self.emit_id(&ticket));
        let failure = match self.too_many(node, &ticket) {
            Some(opened) if self.policy(node, &failure).1 != OnError::Halt => {
                let given = failure.arguments().map(Arc::clone);
                Failure::lost(format!("{opened}; the last: {failure}")).given(given)
            }
            _ => failure,
        };
        let (stage, policy) = self.policy(node, &failure);
        self.tell_failure(node, &ticket, &failure, fate_of(policy));
        match policy {
            OnError::Skip => {
                tracing::warn!(stage, %position, emit_id = emit_id.map(display), error = %failure, "record skipped");
                self.tally.skipped += 1;
                self.note(stage, (&position, emit_id), &failure, true);
                return self.settle(ticket);
            }
            OnError::DeadLetter(to) => {
                tracing::warn!(stage, %position, emit_id = emit_id.map(display), error = %failure, "record goes to the dead-letter topic");
                self.note(stage, (&position, emit_id), &failure, true);
                return self.dead_letter(node, ticket, &failure, to);
            }
            OnError::Halt => {}
        }
        self.refuse(ticket, &format!("`{stage}`: {failure}"));
        self.halt(Halt {
            stage,
            position,
            emit_id,
            failure,
        });
    }

    /// The outcome of a call of a stage that has a breaker; on its way to what is done with it.
    #[inline]
    pub fn counted<T>(&mut self, node: usize, outcome: Result<T, Failure>) -> Result<T, Failure> {
        if outcome.is_ok() {
            self.pass(node, 1);
        }
        outcome
    }

    /// Notes that calls of a stage went well, if it has a breaker.
    #[inline]
    pub(super) fn pass(&mut self, node: usize, calls: usize) {
        if let Some(Some(breaker)) = self.breakers.get_mut(node) {
            breaker.pass(calls as u64);
        }
    }

    /// What a stage's breaker says to one more failure, if it opens: of each row, where rows count.
    fn too_many(&mut self, node: usize, ticket: &Ticket) -> Option<String> {
        let breaker = self.breakers.get_mut(node)?.as_mut()?;
        let calls = match breaker.limits.rows {
            true => self.ledger.seats(ticket).max(1),
            false => 1,
        };
        let opened = (0..calls).filter_map(|_| breaker.fail()).last()?;
        Some(opened.say(&breaker.limits))
    }

    /// A stage that stands beside the records has failed, on the offsets of a commit.
    #[cold]
    pub fn failed_apart(&mut self, node: usize, offsets: &[Position], failure: Failure) {
        self.tally.failed += 1;
        self.note_failure(node, &failure);
        let (stage, policy) = self.policy(node, &failure);
        let failure = self.tell_failure_apart(node, offsets, failure, fate_of(policy));
        let position = offsets.first().cloned().unwrap_or_else(|| by_hand(-1));
        if policy == OnError::Skip {
            tracing::warn!(stage, error = %failure, "failed on the offsets of a commit; going on");
            return self.note(stage, (&position, None), &failure, true);
        }
        self.halt(Halt {
            stage,
            position,
            emit_id: None,
            failure,
        });
    }

    fn note(
        &mut self,
        stage: &'static str,
        (position, emit_id): (&Position, Option<EmitId>),
        failure: &Failure,
        skipped: bool,
    ) {
        if let Some(journal) = &mut self.journal {
            journal.push(Failed {
                stage,
                position: position.clone(),
                emit_id,
                error: failure.to_string(),
                skipped,
            });
        }
    }

    /// A node's name.
    pub(super) fn name(&self, node: usize) -> &'static str {
        self.spec.nodes.get(node).map_or("?", |node| node.name)
    }

    /// A node's name, and what this failure of it means.
    fn policy(&self, node: usize, failure: &Failure) -> (&'static str, OnError) {
        let Some(node) = self.spec.nodes.get(node) else {
            return ("?", OnError::Halt);
        };
        let policy = match failure.kind() {
            FailureKind::Error => node.on_error,
            FailureKind::Panic => node.handling.on_panic,
            FailureKind::Lost => OnError::Halt,
        };
        (node.name, policy)
    }

    /// Lets a share go unfinished, and tells who waits for it why.
    pub(super) fn refuse(&mut self, ticket: Ticket, why: &str) {
        if ticket.is_joined() {
            for member in self.ledger.part(ticket) {
                self.refuse(member, why);
            }
            return;
        }
        if ticket.slot() == BY_HAND
            && let Some(waiter) = self.waiters.remove(&ticket.serial().1)
        {
            self.show_values();
            let _gone = waiter.send(Err(why.to_owned()));
        }
        self.ledger.abandon(ticket);
    }

    /// A record of a source that the graph does not have; it stays unfinished.
    #[cold]
    pub fn unrouted(&mut self, ticket: Ticket) {
        let (position, emit_id) = (self.position(&ticket), self.emit_id(&ticket));
        self.ledger.abandon(ticket);
        self.halt(Halt {
            stage: "?",
            position,
            emit_id,
            failure: Failure::lost("no source of the pipeline reads it"),
        });
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

    pub(super) fn halt(&mut self, halt: Halt) {
        tracing::error!(stage = halt.stage, position = %halt.position, emit_id = halt.emit_id.map(display), error = %halt.failure, "the pipeline halts");
        let about = (&halt.position, halt.emit_id);
        self.note(halt.stage, about, &halt.failure, false);
        self.halted = true;
        self.control.halt(halt);
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
}

/// What a policy means for the record.
fn fate_of(policy: OnError) -> Fate {
    match policy {
        OnError::Halt => Fate::Halt,
        OnError::Skip => Fate::Skip,
        OnError::DeadLetter(_) => Fate::DeadLetter,
    }
}
