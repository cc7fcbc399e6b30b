//! Messages made by hand, which stand in for the client's where schedules are tested: there is no client there, and a batch
//! of its own messages can come from nowhere else.

use std::sync::Arc;
use std::vec;

use rdkafka::types::RDKafkaErrorCode;

use super::assignment::Assigned;
use super::batch::{Batch, Taken};
use super::native;
use crate::types::Extras;

/// A message without key, headers and time.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) topic: &'static str,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    /// Trouble with its partition, that passes, in place of a record.
    pub(crate) is_trouble: bool,
}

/// A batch of these, as the consumer sorts one.
pub(crate) fn batch(
    messages: Vec<Made>,
    assign: impl FnMut(Taken<'_>, &dyn Fn() -> String) -> Option<Arc<Assigned>>,
) -> Batch {
    Batch::new(Messages(messages.into_iter()), assign)
}

pub(super) struct Messages(vec::IntoIter<Made>);

impl From<native::Messages> for Messages {
    /// The client's own are not needed here, and so not copied.
    fn from(_: native::Messages) -> Self {
        Messages(Vec::new().into_iter())
    }
}

impl Messages {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<Message<'_>> {
        let made = self.0.as_slice().get(ahead)?.clone();
        Some(Message(made, self))
    }

    pub(super) fn advance(&mut self) -> Option<Message<'_>> {
        let made = self.0.next()?;
        Some(Message(made, self))
    }
}

/// One of them, for as long as its batch is not walked on.
pub(super) struct Message<'a>(
    Made,
    #[expect(dead_code, reason = "it borrows as the client's does")] &'a Messages,
);

impl<'a> Message<'a> {
    pub(super) fn topic_id(&self) -> usize {
        self.0.topic.as_ptr() as usize
    }

    pub(super) fn topic(&self) -> String {
        self.0.topic.to_owned()
    }

    pub(super) fn partition(&self) -> i32 {
        self.0.partition
    }

    pub(super) fn offset(&self) -> i64 {
        self.0.offset
    }

    /// Each weighs one byte.
    pub(super) fn size(&self) -> usize {
        1
    }

    pub(super) fn key(&self) -> Option<&'a [u8]> {
        None
    }

    pub(super) fn value(&self) -> Option<&'a [u8]> {
        None
    }

    pub(super) fn error(&self) -> Option<RDKafkaErrorCode> {
        self.0
            .is_trouble
            .then_some(RDKafkaErrorCode::BrokerTransportFailure)
    }
}

impl Extras for Message<'_> {
    fn timestamp(&self) -> Option<i64> {
        None
    }

    fn header(&self, _index: usize) -> Option<(&str, Option<&[u8]>)> {
        None
    }
}
