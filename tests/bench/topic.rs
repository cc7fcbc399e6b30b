//! The topics to be read: filled once, and used again when they are there and whole.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::{Offset, TopicPartitionList};

use crate::Error;

pub(crate) const PARTITIONS: i32 = 12;

/// Bytes of a record's value.
const SIZE: usize = 100;

/// For one answer of the broker.
const PATIENCE: Duration = Duration::from_secs(30);

/// A topic and how many records it holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) records: u64,
}

impl Topic {
    /// The share of the records that the group has committed, as a client of its own reads it.
    pub(crate) fn committed(self, brokers: &str, group: &str) -> Result<f64, Error> {
        let reader: BaseConsumer = client(brokers).set("group.id", group).create()?;
        let mut asked = TopicPartitionList::new();
        for partition in 0..PARTITIONS {
            asked.add_partition(self.name, partition);
        }
        let mut below = 0;
        for element in reader.committed_offsets(asked, PATIENCE)?.elements() {
            if let Offset::Offset(offset) = element.offset() {
                let partition = element.partition();
                let (low, _) = reader.fetch_watermarks(self.name, partition, PATIENCE)?;
                below += u64::try_from(offset - low)?;
            }
        }
        Ok(below as f64 / self.records as f64)
    }
}

/// Makes sure that the topic holds exactly its records.
pub(crate) fn ensure(brokers: &str, topic: Topic) -> Result<(), Error> {
    let Topic {
        name: topic,
        records,
    } = topic;
    let admin: AdminClient<DefaultClientContext> = client(brokers).create()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let reader: BaseConsumer = client(brokers).create()?;
    if runtime.block_on(create(&admin, topic))? {
        if count(&reader, topic)? == records {
            return Ok(());
        }
        eprintln!("{topic} is not whole: it is filled anew");
        let gone = admin.delete_topics(&[topic], &AdminOptions::new());
        for outcome in runtime.block_on(gone)? {
            outcome.map_err(|(topic, code)| format!("{topic} cannot be deleted: {code}"))?;
        }
        // A topic that is being deleted is still there for a moment.
        let until = std::time::Instant::now() + PATIENCE;
        while runtime.block_on(create(&admin, topic))? {
            if std::time::Instant::now() > until {
                return Err(format!("{topic} does not go away").into());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    eprintln!("filling {topic}");
    fill(brokers, topic, records)?;
    match count(&reader, topic)? {
        found if found == records => Ok(()),
        found => Err(format!("{topic} has {found} records after {records} were written").into()),
    }
}

pub(crate) fn client(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers);
    config
}

/// Whether it was there already.
async fn create(admin: &AdminClient<DefaultClientContext>, topic: &str) -> Result<bool, Error> {
    let new = NewTopic::new(topic, PARTITIONS, TopicReplication::Fixed(1));
    for outcome in admin.create_topics(&[new], &AdminOptions::new()).await? {
        match outcome {
            Ok(_) => {}
            Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => return Ok(true),
            Err((topic, code)) => return Err(format!("{topic} cannot be created: {code}").into()),
        }
    }
    Ok(false)
}

fn count(reader: &BaseConsumer, topic: &str) -> Result<u64, Error> {
    let mut records = 0;
    for partition in 0..PARTITIONS {
        let (low, high) = reader.fetch_watermarks(topic, partition, PATIENCE)?;
        records += u64::try_from(high - low)?;
    }
    Ok(records)
}

fn fill(brokers: &str, topic: &str, records: u64) -> Result<(), Error> {
    let producer: ThreadedProducer<DefaultProducerContext> = client(brokers)
        .set("linger.ms", "50")
        .set("batch.size", "1000000")
        .set("queue.buffering.max.messages", "1000000")
        .set("enable.idempotence", "true")
        .create()?;
    for number in 0..records {
        let value = format!("{number:010}{:x<width$}", "", width = SIZE - 10);
        let partition = i32::try_from(number % PARTITIONS.unsigned_abs() as u64)?;
        let mut record = BaseRecord::<(), str>::to(topic)
            .payload(&value)
            .partition(partition);
        while let Err((error, back)) = producer.send(record) {
            let KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) = error else {
                return Err(error.into());
            };
            std::thread::sleep(Duration::from_millis(5));
            record = back;
        }
    }
    producer.flush(2 * PATIENCE)?;
    Ok(())
}
