//! A batch of records on its way from the consumer thread to the lane, with the assignment that each belongs to. The
//! records stay in the client's memory and are given back to it together, with the batch.

use std::sync::Arc;

use rdkafka::types::RDKafkaErrorCode as Code;

use super::assignment::Assigned;
use super::commit::explained;
#[cfg(all(test, feature = "schedules"))]
use super::made::{Message, Messages};
#[cfg(not(all(test, feature = "schedules")))]
use super::native::{Message, Messages};
use crate::types::{Record, RecordParts};

/// Records in the order in which they were read, in runs of one assignment each.
pub(crate) struct Batch {
    messages: Messages,
    /// Of all values and keys.
    bytes: usize,
    runs: std::vec::IntoIter<Run>,
    run: Option<Run>,
}

/// A stretch of messages of one assignment; of none, when they are not to be worked on.
struct Run {
    assigned: Option<Arc<Assigned>>,
    first: i64,
    last: i64,
    left: usize,
    bytes: usize,
}

/// What the consumer thread makes of a message.
pub(crate) enum Taken<'a> {
    /// A record of this topic and partition; the number tells topics apart cheaply.
    Record { topic_id: usize, partition: i32 },
    /// Something is wrong with a partition.
    Trouble {
        topic: &'a str,
        partition: i32,
        why: String,
        /// Waiting does not help: the topic is gone, or forbidden.
        fatal: bool,
        /// There is nothing at this offset, to which the client has come: it waits to be told where to go on. Below zero when it
        /// has come to none.
        astray: Option<i64>,
    },
}

/// A partition that gave an error in place of the record at this offset, and no record after that.
pub(super) struct Stumble {
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) offset: i64,
}

/// Waiting does not help: the topic is gone or forbidden, its offset is out of range and no reset is allowed, or there is
/// something in it that the client cannot read and would pass over.
fn is_fatal(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownTopicOrPartition
            | Code::UnknownTopic
            | Code::UnknownPartition
            | Code::TopicAuthorizationFailed
            | Code::MessageSizeTooLarge
            | Code::BadMessage
            | Code::BadCompression
            | Code::NotImplemented
    )
}

impl Batch {
    /// Sorts messages into runs: `assign` says to whom each belongs. With it, the partitions that gave an error last.
    pub(super) fn new(
        messages: impl Into<Messages>,
        mut assign: impl FnMut(Taken<'_>, &dyn Fn() -> String) -> Option<Arc<Assigned>>,
    ) -> (Self, Vec<Stumble>) {
        let messages = messages.into();
        let mut stumbled: Vec<Stumble> = Vec::new();
        let mut runs: Vec<Run> = Vec::new();
        let mut last = None;
        let mut bytes = 0;
        for ahead in 0..messages.len() {
            let Some(message) = messages.peek(ahead) else {
                break;
            };
            let partition = message.partition();
            let size = message.size();
            bytes += size;
            match message.error() {
                None => {
                    let of = (message.topic_id(), partition);
                    if last == Some(of)
                        && let Some(run) = runs.last_mut()
                    {
                        run.last = message.offset();
                        run.left += 1;
                        run.bytes += size;
                        continue;
                    }
                    last = Some(of);
                    if !stumbled.is_empty() {
                        let topic = message.topic();
                        stumbled.retain(|one| one.partition != partition || one.topic != topic);
                    }
                    let taken = Taken::Record {
                        topic_id: of.0,
                        partition,
                    };
                    let assigned = assign(taken, &|| message.topic());
                    let first = message.offset();
                    runs.push(Run {
                        assigned,
                        first,
                        last: first,
                        left: 1,
                        bytes: size,
                    });
                }
                Some(code) => {
                    last = None;
                    let topic = message.topic();
                    let taken = Taken::Trouble {
                        topic: &topic,
                        partition,
                        why: explained(code, message.value().map(String::from_utf8_lossy)),
                        fatal: is_fatal(code),
                        astray: (code == Code::AutoOffsetReset).then(|| message.offset()),
                    };
                    assign(taken, &String::new);
                    let offset = message.offset();
                    if offset >= 0 && !is_fatal(code) && code != Code::AutoOffsetReset {
                        stumbled.retain(|one| one.partition != partition || one.topic != topic);
                        stumbled.push(Stumble {
                            topic,
                            partition,
                            offset,
                        });
                    }
                    runs.push(Run {
                        assigned: None,
                        first: offset,
                        last: offset,
                        left: 1,
                        bytes: size,
                    });
                }
            }
        }
        for run in &runs {
            if let Some(assigned) = &run.assigned {
                let offsets = run.first..=run.last;
                assigned.figures.take(offsets, run.left, run.bytes);
            }
        }
        let batch = Batch {
            messages,
            bytes,
            runs: runs.into_iter(),
            run: None,
        };
        (batch, stumbled)
    }

    /// Messages not walked over yet.
    pub(crate) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Bytes of all its values and keys.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_done(&self) -> bool {
        self.messages.len() == 0
    }

    /// The next record and its assignment; what belongs to nobody is passed over.
    pub(crate) fn next(&mut self) -> Option<(&Assigned, BatchRecord<'_>)> {
        loop {
            if self.run.as_ref().is_none_or(|run| run.left == 0) {
                self.run = Some(self.runs.next()?);
            }
            let run = self.run.as_mut()?;
            run.left -= 1;
            if run.assigned.is_some() {
                break;
            }
            self.messages.advance()?;
        }
        let assigned = self.run.as_ref()?.assigned.as_deref()?;
        let message = self.messages.advance()?;
        Some((assigned, BatchRecord { message }))
    }
}

/// One record of a batch, until the next one is asked for.
pub(crate) struct BatchRecord<'a> {
    message: Message<'a>,
}

impl BatchRecord<'_> {
    #[inline]
    pub(crate) fn view<'b>(&'b self, assigned: &'b Assigned) -> Record<'b> {
        Record::new(RecordParts {
            topic: &assigned.topic,
            stream: assigned.stream,
            partition: assigned.partition,
            offset: self.message.offset(),
            key: self.message.key(),
            value: self.message.value(),
            extras: &self.message,
        })
    }
}
