//! The lane's spans: one for each record from when it is taken in until it is finished, below it one for each call of a stage,
//! and for each message that a sink sends. Off, it costs a branch.

use std::collections::HashMap;
use std::time::SystemTime;

use super::lane::{BY_HAND, Lane};
use crate::broker::Assigned;
use crate::error::Failure;
use crate::ledger::{SlotId, Ticket};
use crate::spans::{About, Span, Tracer};
use crate::types::{EmitId, MessageParts, Record};

/// Names a record that the lane has taken in.
type Key = (SlotId, i64);

/// The spans that have begun on a lane.
#[derive(Debug)]
pub(super) struct Traces {
    tracer: Tracer,
    records: HashMap<Key, Span>,
    /// The call that the lane is in, or has just left: what came of it is still to be heard.
    call: Option<Calling>,
}

#[derive(Debug)]
struct Calling {
    node: usize,
    span: Span,
    /// When it was left.
    left: Option<SystemTime>,
}

/// The header that names the span in which a message was written.
const PARENT: &str = "traceparent";

impl Traces {
    fn new(tracer: Tracer) -> Self {
        Traces {
            tracer,
            records: HashMap::new(),
            call: None,
        }
    }

    /// Nothing more will be heard of the last call.
    fn end_call(&mut self) {
        if let Some(call) = self.call.take() {
            call.span.detach();
            call.span.end_at(call.left.unwrap_or_else(SystemTime::now));
        }
    }

    fn leave(&mut self) {
        if let Some(call) = &mut self.call {
            call.span.detach();
            call.left = Some(SystemTime::now());
        }
    }

    fn finish(&mut self, record: Key) {
        self.end_call();
        if let Some(span) = self.records.remove(&record) {
            span.end_at(SystemTime::now());
        }
    }

    fn forget(&mut self, slot: Option<SlotId>) {
        self.end_call();
        self.records.retain(|(of, _), span| {
            let stays = slot.is_some_and(|slot| slot != *of);
            if !stays {
                span.give_up();
            }
            stays
        });
    }
}

impl<C> Lane<C> {
    /// Telling of what it does by spans.
    #[must_use]
    pub(crate) fn tracing(self, tracer: Option<Tracer>) -> Self {
        Lane {
            traces: tracer.map(|tracer| Box::new(Traces::new(tracer))),
            ..self
        }
    }

    #[inline]
    pub(super) fn is_traced(&self) -> bool {
        self.traces.is_some()
    }

    /// A record has been taken in.
    #[cold]
    pub(super) fn trace_record(&mut self, assigned: &Assigned, record: &Record<'_>) {
        let about = About {
            pipeline: self.spec.name,
            group: &self.group,
            topic: &assigned.topic,
            partition: assigned.partition,
            offset: record.offset(),
            emit_id: record.emit_id(),
            record: Some(record),
        };
        if let Some(traces) = &mut self.traces {
            let span = traces.tracer.record(&about);
            traces
                .records
                .insert((assigned.slot, record.offset()), span);
        }
    }

    /// A line or a name of a file has been taken in.
    #[cold]
    pub(super) fn trace_read(&mut self, assigned: &Assigned, offset: i64) {
        let about = About {
            pipeline: self.spec.name,
            group: &self.group,
            topic: &assigned.topic,
            partition: assigned.partition,
            offset,
            emit_id: EmitId::of(assigned.stream, assigned.partition, offset),
            record: None,
        };
        if let Some(traces) = &mut self.traces {
            let span = traces.tracer.record(&about);
            traces.records.insert((assigned.slot, offset), span);
        }
    }

    /// A value sent in by hand has been taken in.
    #[cold]
    pub(super) fn trace_by_hand(&mut self, offset: i64) {
        let about = About {
            pipeline: self.spec.name,
            group: &self.group,
            topic: "(by hand)",
            partition: 0,
            offset,
            emit_id: EmitId::of(self.by_hand, 0, offset),
            record: None,
        };
        if let Some(traces) = &mut self.traces {
            let span = traces.tracer.record(&about);
            traces.records.insert((BY_HAND, offset), span);
        }
    }

    /// A stage is called.
    #[cold]
    pub(super) fn trace_call(&mut self, node: usize, ticket: &Ticket) {
        let lead = self.trace_key(ticket);
        let Some(traces) = &mut self.traces else {
            return;
        };
        traces.end_call();
        let Some(spec) = self.spec.nodes.get(node) else {
            return;
        };
        let mut links = Vec::new();
        if ticket.is_joined() {
            self.ledger.each_record(ticket, &mut |slot, offset| {
                links.extend(traces.records.get(&(slot, offset)));
            });
        }
        let parent = lead.and_then(|lead| traces.records.get(&lead));
        let span = traces.tracer.call(spec, parent, &links);
        span.attach();
        let left = None;
        traces.call = Some(Calling { node, span, left });
    }

    /// The call on the lane is over; what came of it is heard next.
    #[inline]
    pub(super) fn trace_left(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.leave();
        }
    }

    /// Nothing more is heard of a call on the lane.
    #[inline]
    pub(super) fn trace_over(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.end_call();
        }
    }

    /// The call goes on elsewhere.
    #[inline]
    pub(super) fn trace_away(&mut self) -> Option<Span> {
        let call = self.traces.as_mut()?.call.take()?;
        call.span.detach();
        Some(call.span)
    }

    /// A call that went on elsewhere has been answered, or given up.
    #[inline]
    pub(super) fn trace_back(&mut self, node: usize, span: Option<Span>) {
        if let (Some(traces), Some(span)) = (&mut self.traces, span) {
            traces.end_call();
            let left = Some(SystemTime::now());
            traces.call = Some(Calling { node, span, left });
        }
    }

    /// The call that the lane has just left has failed, and is made again.
    pub(super) fn trace_again(&mut self, node: usize, failure: &Failure) {
        if let Some(traces) = &self.traces
            && let Some(call) = &traces.call
            && call.node == node
        {
            call.span.fail(failure.class(), &failure.to_string());
        }
    }

    /// A stage has failed for good, and with it the records of the value.
    pub(super) fn trace_failed(&mut self, node: usize, ticket: &Ticket, failure: &Failure) {
        self.trace_again(node, failure);
        let Some(traces) = &self.traces else {
            return;
        };
        let (class, message) = (failure.class(), failure.to_string());
        self.ledger.each_record(ticket, &mut |slot, offset| {
            if let Some(span) = traces.records.get(&(slot, offset)) {
                span.fail(class, &message);
            }
        });
    }

    /// A message is about to be sent: it says in which span, unless it says so already.
    #[cold]
    pub(super) fn trace_send(
        &mut self,
        node: usize,
        topic: &str,
        ticket: &Ticket,
        parts: &mut MessageParts,
    ) -> Option<Span> {
        let lead = self.trace_key(ticket);
        let traces = self.traces.as_ref()?;
        let call = traces.call.as_ref().filter(|call| call.node == node);
        let parent = call.map(|call| &call.span);
        let parent = parent.or_else(|| traces.records.get(&lead?));
        let span = traces.tracer.send(topic, parent);
        if !parts.headers.iter().any(|(name, _)| name == PARENT) {
            let headers = span.headers().into_iter();
            parts
                .headers
                .extend(headers.map(|(name, value)| (name, Some(value.into_bytes()))));
        }
        Some(span)
    }

    /// The record that a share is about to be settled of, if anybody wants to know.
    #[inline]
    pub(super) fn traced_key(&self, ticket: &Ticket) -> Option<Key> {
        self.traces.as_ref().and_then(|_| self.trace_key(ticket))
    }

    /// All shares of a record are settled.
    #[inline]
    pub(super) fn trace_finished(&mut self, record: Option<Key>) {
        if let (Some(traces), Some(record)) = (&mut self.traces, record) {
            traces.finish(record);
        }
    }

    /// The records of a partition, or all, are let go.
    pub(super) fn trace_forget(&mut self, slot: Option<SlotId>) {
        if let Some(traces) = &mut self.traces {
            traces.forget(slot);
        }
    }

    fn trace_key(&self, ticket: &Ticket) -> Option<Key> {
        let lead = match ticket.is_joined() {
            true => self.ledger.lead(ticket)?,
            false => ticket,
        };
        Some((lead.slot(), self.ledger.offset(lead)?))
    }
}
