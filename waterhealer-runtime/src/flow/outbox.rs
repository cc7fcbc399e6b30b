//! Messages on their way to Kafka: handed to the producer, or kept in order while its queue is full.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use super::calls::CallId;
use super::staged::Staged;
use crate::broker::{Producer, SendError};
use crate::types::MessageParts;

pub(crate) struct Outbox {
    way: Box<dyn Way>,
    unsent: VecDeque<Unsent>,
    /// Of a pipeline that writes in transactions.
    staged: Option<Staged>,
}

/// What takes messages on. It never waits, and answers later, by the number of the call.
pub(crate) trait Way: Send {
    /// Hands a message over.
    fn send(&self, call: usize, topic: &str, parts: &MessageParts) -> Result<(), SendError>;
}

/// The producer that all lanes share, as one of them uses it: an answer must find its way back to that one.
pub(crate) struct LaneProducer {
    pub(crate) producer: Arc<Producer>,
    pub(crate) lane: usize,
}

/// A lane's number stands in the highest bits of a call's name.
const LANE_SHIFT: u32 = usize::BITS - 6;

impl LaneProducer {
    /// Which call of which lane an answer is for.
    pub(crate) fn lane_and_call(name: usize) -> (usize, usize) {
        (name >> LANE_SHIFT, name & !(usize::MAX << LANE_SHIFT))
    }
}

impl Way for LaneProducer {
    fn send(&self, call: usize, topic: &str, parts: &MessageParts) -> Result<(), SendError> {
        self.producer
            .send(self.lane << LANE_SHIFT | call, topic, parts)
    }
}

struct Unsent {
    call: CallId,
    topic: Cow<'static, str>,
    parts: MessageParts,
}

/// What became of a message handed over.
pub(super) enum Handed {
    /// The producer has it; the broker's answer comes as a notice.
    Over,
    /// The producer's queue is full; the message waits here.
    Kept,
    /// It can never be sent.
    Refused(String),
}

impl Outbox {
    pub(crate) fn new(way: impl Way + 'static) -> Self {
        Outbox {
            way: Box::new(way),
            unsent: VecDeque::new(),
            staged: None,
        }
    }

    /// As [`new`](Outbox::new), in transactions: nothing is visible before the commit, so what was handed over is done with.
    pub(crate) fn staging(way: impl Way + 'static) -> Self {
        Outbox {
            staged: Some(Staged::default()),
            ..Outbox::new(way)
        }
    }

    /// What the open transaction holds, of a pipeline that writes in transactions.
    pub(super) fn staged(&mut self) -> Option<&mut Staged> {
        self.staged.as_mut()
    }

    pub(super) fn send(
        &mut self,
        call: CallId,
        topic: Cow<'static, str>,
        parts: MessageParts,
    ) -> Handed {
        // Nothing overtakes a message that waits.
        if self.unsent.is_empty() {
            match self.way.send(call.0, &topic, &parts) {
                Ok(()) => return Handed::Over,
                Err(SendError::Full) => {}
                Err(SendError::Refused(why)) => return Handed::Refused(why),
            }
        }
        self.unsent.push_back(Unsent { call, topic, parts });
        Handed::Kept
    }

    /// Whether messages wait for room in the producer's queue.
    pub(super) fn is_waiting(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// The call of the first message that waits.
    pub(super) fn first(&self) -> Option<CallId> {
        self.unsent.front().map(|first| first.call)
    }

    /// Forgets the first message that waits.
    pub(super) fn drop_first(&mut self) {
        self.unsent.pop_front();
    }

    /// Tries the first waiting message again; `None` when none waits or the queue is still full.
    pub(super) fn retry(&mut self) -> Option<(CallId, Result<(), String>)> {
        let first = self.unsent.front()?;
        let outcome = match self.way.send(first.call.0, &first.topic, &first.parts) {
            Ok(()) => Ok(()),
            Err(SendError::Full) => return None,
            Err(SendError::Refused(why)) => Err(why),
        };
        self.unsent.pop_front().map(|first| (first.call, outcome))
    }
}
