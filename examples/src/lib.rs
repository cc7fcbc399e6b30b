//! The stage that the examples play on: a broker (embedded, or a real one with `--brokers`), a topic with a few records,
//! and a view of the group's offsets that is not the pipeline's own. What an example shows is in its own file.

mod collector;

pub use collector::Collector;

use std::error::Error;
use std::time::{Duration, Instant};

use clap::Parser;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Headers as _, Message as _};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use waterhealer::{Config, Embedded};

/// What goes wrong on the stage.
pub type StageError = Box<dyn Error + Send + Sync>;

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Parser)]
struct Options {
    /// A real broker, in place of the embedded one.
    #[arg(long)]
    brokers: Option<String>,
}

/// A broker to play on.
pub struct Stage {
    brokers: String,
    embedded: Option<Embedded>,
}

/// A record as text.
pub struct Letter {
    /// Its key; empty where it has none.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
}

impl Stage {
    /// The broker that `--brokers` names, or an embedded one.
    ///
    /// # Errors
    /// When the embedded broker cannot start.
    pub fn open() -> Result<Self, StageError> {
        if let Some(brokers) = Options::parse().brokers {
            println!("on the broker at {brokers}\n");
            return Ok(Stage {
                brokers,
                embedded: None,
            });
        }
        let embedded = Embedded::start()?;
        println!("on a broker inside this process (a real one: `-- --brokers HOST:PORT`)\n");
        Ok(Stage {
            brokers: embedded.bootstrap().to_owned(),
            embedded: Some(embedded),
        })
    }

    /// Whether the broker is the one inside this process.
    pub fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// A configuration for a pipeline on this broker.
    pub fn config(&self) -> Config {
        match &self.embedded {
            Some(embedded) => Config::new().embedded(embedded),
            None => Config::new().brokers(&self.brokers),
        }
    }

    /// A new topic with one partition; one of this name that an earlier run left is deleted first, with the offsets of
    /// `group`.
    ///
    /// # Errors
    /// When the broker does not create it.
    pub async fn topic(&self, topic: &str, group: &str) -> Result<(), StageError> {
        if let Some(embedded) = &self.embedded {
            return Ok(embedded.create_topic(topic, 1)?);
        }
        let admin: AdminClient<DefaultClientContext> = self.client().create()?;
        let options = AdminOptions::new().request_timeout(Some(PATIENCE));
        // Neither is there at the first run.
        let _no_topic = admin.delete_topics(&[topic], &options).await?;
        let _no_group = admin.delete_groups(&[group], &options).await?;
        let until = Instant::now() + PATIENCE;
        loop {
            let new = NewTopic::new(topic, 1, TopicReplication::Fixed(1));
            let created = admin.create_topics(&[new], &options).await?;
            match created.into_iter().next() {
                // A deletion takes the broker a moment.
                Some(Err((_, why))) if Instant::now() > until => {
                    return Err(format!("`{topic}` cannot be created: {why}").into());
                }
                Some(Err(_)) => std::thread::sleep(Duration::from_millis(100)),
                _ => return Ok(()),
            }
        }
    }

    /// Writes these values to a topic, in order.
    ///
    /// # Errors
    /// When the broker does not take them.
    pub fn fill<V: AsRef<str>>(
        &self,
        topic: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Result<(), StageError> {
        let producer: BaseProducer = self.client().create()?;
        for value in values {
            let record: BaseRecord<'_, (), str> = BaseRecord::to(topic).payload(value.as_ref());
            producer.send(record).map_err(|(error, _)| error)?;
        }
        Ok(producer.flush(PATIENCE)?)
    }

    /// Writes these values to a topic, in order, each with its key.
    ///
    /// # Errors
    /// When the broker does not take them.
    pub fn fill_keyed(
        &self,
        topic: &str,
        records: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Result<(), StageError> {
        let producer: BaseProducer = self.client().create()?;
        for (key, value) in records {
            let record = BaseRecord::to(topic).key(key).payload(value);
            producer.send(record).map_err(|(error, _)| error)?;
        }
        Ok(producer.flush(PATIENCE)?)
    }

    /// The group's committed offset in partition 0 of a topic, as the broker tells it; `None` before the first commit.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub fn committed(&self, group: &str, topic: &str) -> Result<Option<i64>, StageError> {
        let consumer: BaseConsumer = self.client().set("group.id", group).create()?;
        let mut list = TopicPartitionList::new();
        list.add_partition(topic, 0);
        let committed = consumer.committed_offsets(list, PATIENCE)?;
        let offset = committed
            .find_partition(topic, 0)
            .map(|found| found.offset());
        Ok(match offset {
            Some(Offset::Offset(offset)) => Some(offset),
            _ => None,
        })
    }

    /// The first `count` values of a topic, with their keys.
    ///
    /// # Errors
    /// When they do not come within ten seconds.
    pub fn read(&self, topic: &str, count: usize) -> Result<Vec<(String, String)>, StageError> {
        let letters = self.letters(topic, count)?.into_iter();
        Ok(letters.map(|letter| (letter.key, letter.value)).collect())
    }

    /// The first `count` records of a topic, with their headers.
    ///
    /// # Errors
    /// When they do not come within ten seconds.
    pub fn letters(&self, topic: &str, count: usize) -> Result<Vec<Letter>, StageError> {
        // The client assigns partitions only to a consumer with a group; nothing is committed to it.
        let consumer: BaseConsumer = self.client().set("group.id", "a-look").create()?;
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, 0, Offset::Beginning)?;
        consumer.assign(&list)?;
        let until = Instant::now() + PATIENCE;
        let mut values = Vec::new();
        while values.len() < count {
            if Instant::now() > until {
                return Err(
                    format!("only {} of {count} records on `{topic}`", values.len()).into(),
                );
            }
            if let Some(record) = consumer.poll(Duration::from_millis(100)) {
                let record = record?;
                let text = |bytes: Option<&[u8]>| {
                    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
                };
                let headers = record.headers().into_iter().flat_map(|list| list.iter());
                values.push(Letter {
                    key: text(record.key()),
                    value: text(record.payload()),
                    headers: headers
                        .map(|header| (header.key.to_owned(), text(header.value)))
                        .collect(),
                });
            }
        }
        Ok(values)
    }

    fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers);
        config
    }
}
