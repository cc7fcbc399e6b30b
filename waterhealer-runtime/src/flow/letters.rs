//! Records that have failed and go to another topic as they were read: each is handed to the producer, and its share is
//! finished once the broker has it. What their headers say is `letter`'s.

use std::sync::Arc;
use std::time::SystemTime;

use super::control::Halt;
use super::lane::Lane;
use super::observed::kind_of;
use super::sent::{Sent, Why};
use crate::error::Failure;
use crate::graph::DeadLetter;
use crate::ledger::Ticket;
use crate::letter::Letter;
use crate::types::{MessageParts, Meta};

impl<C> Lane<C> {
    /// Sends each record that the value was made of to the dead-letter topic.
    #[cold]
    pub(super) fn dead_letter(
        &mut self,
        node: usize,
        ticket: Ticket,
        failure: &Failure,
        to: DeadLetter,
    ) {
        let why = Arc::new(Why {
            node,
            kind: kind_of(failure).name(),
            stage: self.name(node),
            class: failure.class(),
            message: failure.to_string(),
            attempts: failure.attempts(),
        });
        for record in self.ledger.part(ticket) {
            // A member of a joined ticket may itself be joined, or of a partition that was given up.
            if record.is_joined() {
                self.dead_letter(node, record, failure, to);
            } else if self.is_live(&record) {
                self.send_letter(node, record, &why, to);
            } else {
                self.abandon(record);
            }
        }
    }

    fn send_letter(&mut self, node: usize, ticket: Ticket, why: &Arc<Why>, to: DeadLetter) {
        let Some(meta) = ticket.meta().map(Arc::clone) else {
            let lost = Failure::lost("its record was not kept");
            return self.letter_failed(ticket, why, &lost.to_string());
        };
        let topic = to.topic_of(&meta.position.topic, &self.group);
        let parts = compose(&meta, why, self.spec.name, &self.group, to);
        let sent = Sent {
            why: Arc::clone(why),
            topic: topic.clone(),
            bytes: size(&parts),
        };
        let call = self.calls.open(node, ticket, None);
        self.calls.note_letter(call, sent);
        self.hand_over(call, topic, parts);
    }

    /// The broker has answered for a dead letter.
    pub(super) fn letter_answered(
        &mut self,
        sent: &Sent,
        ticket: Ticket,
        outcome: Result<(), Failure>,
    ) {
        if !self.is_live(&ticket) {
            return self.abandon(ticket);
        }
        let Err(failure) = outcome else {
            self.tally.dead_lettered += 1;
            let counts = &self.control.counts;
            counts.count_letter(sent.why.node, sent.why.kind);
            return self.settle(ticket);
        };
        let besides = format!(
            "`{}` did not take its dead letter of {} bytes: {failure}",
            sent.topic, sent.bytes
        );
        self.letter_failed(ticket, &sent.why, &besides);
    }

    /// Neither the stage nor the dead-letter topic has taken the record: nothing is left but to halt.
    fn letter_failed(&mut self, ticket: Ticket, why: &Why, besides: &str) {
        let (position, emit_id) = (self.position(&ticket), self.emit_id(&ticket));
        let text = format!(
            "{}; and {besides}. The record is not lost: it is read again at the next start",
            why.message
        );
        self.refuse(ticket, &format!("`{}`: {text}", why.stage));
        self.halt(Halt {
            stage: why.stage,
            position,
            emit_id,
            failure: Failure::lost(text),
        });
    }
}

/// The record as it was read, and behind its own headers why it failed.
fn compose(meta: &Meta, why: &Why, pipeline: &str, group: &str, to: DeadLetter) -> MessageParts {
    let letter = Letter {
        position: &meta.position,
        emit_id: meta.emit_id,
        timestamp: meta.timestamp,
        pipeline,
        group,
        stage: why.stage,
        class: why.class,
        message: &why.message,
        attempts: why.attempts,
        failed_at: SystemTime::now(),
    };
    let own = meta.headers.iter();
    let own = own.map(|(name, value)| (name.clone(), value.as_deref().map(<[u8]>::to_vec)));
    MessageParts {
        value: meta.value.as_deref().map(<[u8]>::to_vec),
        key: meta.key.as_deref().map(<[u8]>::to_vec),
        headers: own.chain(letter.headers(to.style)).collect(),
        partition: None,
        timestamp: meta.timestamp,
    }
}

fn size(parts: &MessageParts) -> usize {
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| name.len() + value.as_ref().map_or(0, Vec::len));
    let own = [&parts.key, &parts.value];
    headers.sum::<usize>() + own.into_iter().flatten().map(Vec::len).sum::<usize>()
}
