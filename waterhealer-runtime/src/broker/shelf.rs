//! Dead-letter topics as a person looks at them: what is there, letter by letter; how far they have gone back; removing them.
//! Nothing here is part of a running pipeline, and it joins no group.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::{ClientConfig, FromClientConfig, FromClientConfigAndContext};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::topics::Quiet;
use crate::error::{Error, ErrorKind};
use crate::guard::guard;
use crate::letter::{Cursor, Header};
use crate::types::Position;

/// A dead letter as it was found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) position: Position,
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) headers: Vec<Header>,
    pub(crate) timestamp: Option<i64>,
}

/// A partition and which offsets it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) partition: i32,
    /// The first that is there.
    pub(crate) low: i64,
    /// One past the last.
    pub(crate) high: i64,
}

/// A client that reads dead letters.
pub(crate) struct Shelf {
    client: BaseConsumer<Quiet>,
    config: ClientConfig,
    patience: Duration,
}

impl Shelf {
    /// Connects. `group` is the one by which is remembered what has gone back.
    ///
    /// # Errors
    /// When the client refuses its configuration.
    pub(crate) fn connect(
        properties: &BTreeMap<String, String>,
        group: &str,
        patience: Duration,
    ) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.set("group.id", group);
        // A member that runs may have it.
        config.remove("group.instance.id");
        config.set("enable.auto.commit", "false");
        config.set("enable.partition.eof", "true");
        // What was removed meanwhile is passed over.
        config.set("auto.offset.reset", "earliest");
        let client = BaseConsumer::from_config_and_context(&config, Quiet)
            .map_err(|error| Error::broker(format!("the Kafka client does not start: {error}")))?;
        Ok(Shelf {
            client,
            config,
            patience,
        })
    }

    /// The partitions of a topic and what is in them.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub(crate) fn spans(&self, topic: &str, partitions: usize) -> Result<Vec<Span>, Error> {
        let span = |partition| {
            let marks = self
                .client
                .fetch_watermarks(topic, partition, self.patience);
            let (low, high) =
                marks.map_err(|error| failed("asking for the ends of", topic, &error))?;
            Ok(Span {
                partition,
                low,
                high,
            })
        };
        (0..i32::try_from(partitions).unwrap_or(i32::MAX))
            .map(span)
            .collect()
    }

    /// Lends each letter from `from` up to the partition's end, in order, until `look` answers false.
    ///
    /// # Errors
    /// When the broker does not answer, or `look` fails.
    pub(crate) fn read(
        &self,
        topic: &Arc<str>,
        span: Span,
        from: i64,
        mut look: impl FnMut(Found) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let from = from.max(span.low);
        if from >= span.high {
            return Ok(());
        }
        let reading = |error: KafkaError| failed("reading", topic, &error);
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, span.partition, Offset::Offset(from))
            .map_err(reading)?;
        self.client.assign(&list).map_err(reading)?;
        let mut until = Instant::now() + self.patience;
        loop {
            match self.client.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => {
                    let offset = message.offset();
                    if offset >= span.high {
                        break;
                    }
                    until = Instant::now() + self.patience;
                    if !look(found(topic, &message))? || offset + 1 >= span.high {
                        break;
                    }
                }
                // The last offsets may be nobody's.
                Some(Err(KafkaError::PartitionEOF(_))) => break,
                Some(Err(error)) if Instant::now() > until => return Err(reading(error)),
                None if Instant::now() > until => {
                    let why = format!("`{topic}`: no broker hands its records over");
                    return Err(Error::broker(why));
                }
                Some(Err(_)) | None => {}
            }
        }
        self.client.unassign().map_err(reading)
    }

    /// Which letters of a partition have gone back.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub(crate) fn replayed(&self, topic: &str, partition: i32) -> Result<Cursor, Error> {
        let asking = |error: KafkaError| failed("asking what has gone back of", topic, &error);
        let mut list = TopicPartitionList::new();
        list.add_partition(topic, partition);
        let committed = self.client.committed_offsets(list, self.patience);
        let committed = committed.map_err(asking)?;
        let Some(element) = committed.find_partition(topic, partition) else {
            return Ok(Cursor::default());
        };
        element.error().map_err(asking)?;
        let Offset::Offset(offset) = element.offset() else {
            return Ok(Cursor::default());
        };
        // The client panics over bytes that are no text; whoever has written them, they are not ours.
        let metadata = guard(|| element.metadata().to_owned()).unwrap_or_default();
        Ok(Cursor::read(offset, &metadata))
    }

    /// Remembers which letters of a partition have gone back.
    ///
    /// # Errors
    /// When the broker does not take it.
    pub(crate) fn remember(
        &self,
        topic: &str,
        partition: i32,
        cursor: &Cursor,
    ) -> Result<(), Error> {
        let metadata = cursor.metadata().ok_or_else(|| {
            let why = "so many single letters have gone back that they cannot be remembered";
            Error::new(ErrorKind::Commit, why)
        })?;
        let commit = || -> KafkaResult<()> {
            let mut list = TopicPartitionList::new();
            list.add_partition_offset(topic, partition, Offset::Offset(cursor.next()))?;
            if let Some(mut element) = list.find_partition(topic, partition) {
                element.set_metadata(metadata);
            }
            self.client.commit(&list, CommitMode::Sync)
        };
        commit().map_err(|error| {
            let why = format!(
                "what has gone back of `{topic}`[{partition}] cannot be remembered, and would go back again: {error}"
            );
            Error::new(ErrorKind::Commit, why)
        })
    }

    /// Removes the letters of these partitions before these offsets.
    ///
    /// # Errors
    /// When the broker does not.
    pub(crate) fn remove(&self, topic: &str, before: &[(i32, i64)]) -> Result<(), Error> {
        let removing = |error: KafkaError| failed("removing letters of", topic, &error);
        let mut config = self.config.clone();
        config.remove("group.id");
        let admin: AdminClient<DefaultClientContext> =
            AdminClient::from_config(&config).map_err(removing)?;
        let mut list = TopicPartitionList::new();
        for (partition, offset) in before {
            list.add_partition_offset(topic, *partition, Offset::Offset(*offset))
                .map_err(removing)?;
        }
        let options = AdminOptions::new().operation_timeout(Some(self.patience));
        let options = options.request_timeout(Some(self.patience));
        let removed = run_to_end(admin.delete_records(&list, &options))?.map_err(removing)?;
        for element in removed.elements() {
            element.error().map_err(removing)?;
        }
        Ok(())
    }
}

/// Runs one question of the client to its end.
fn run_to_end<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime
        .map_err(|error| Error::new(ErrorKind::Internal, format!("no Tokio runtime: {error}")))?;
    Ok(runtime.block_on(work))
}

fn failed(what: &str, topic: &str, error: &KafkaError) -> Error {
    Error::broker(format!("{what} `{topic}`: {error}"))
}

fn found(topic: &Arc<str>, message: &BorrowedMessage<'_>) -> Found {
    let headers = message.headers().into_iter().flat_map(|list| list.iter());
    let headers = headers.map(|one| (one.key.to_owned(), one.value.map(<[u8]>::to_vec)));
    Found {
        position: Position {
            topic: Arc::clone(topic),
            partition: message.partition(),
            offset: message.offset(),
        },
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers: headers.collect(),
        timestamp: message.timestamp().to_millis(),
    }
}
