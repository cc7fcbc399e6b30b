//! The broker as a client of our own sees it: topics, records in, records out, ends of partitions.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::{ClientContext, DefaultClientContext};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, DeliveryResult, Header, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaErrorCode;

use super::{Place, eventually, s};

const PATIENCE: Duration = Duration::from_secs(15);

/// Records that a feed writes at once.
const FEED: usize = 400;

/// A broker to test against.
#[derive(Clone)]
pub(crate) struct Broker {
    bootstrap: String,
}

/// A record as it is written or was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) partition: i32,
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
}

impl Message {
    pub(crate) fn new(partition: i32, value: impl Into<Vec<u8>>) -> Message {
        Message {
            partition,
            value: Some(value.into()),
            ..Message::default()
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.value.clone().unwrap_or_default()).expect("the value is text")
    }

    pub(crate) fn of(found: &BorrowedMessage<'_>) -> Message {
        use rdkafka::message::Headers as _;
        let headers = found.headers().map(|headers| {
            let pair = |header: Header<'_, &[u8]>| {
                (
                    header.key.to_owned(),
                    header.value.unwrap_or_default().to_vec(),
                )
            };
            headers.iter().map(pair).collect()
        });
        Message {
            partition: found.partition(),
            key: found.key().map(<[u8]>::to_vec),
            value: found.payload().map(<[u8]>::to_vec),
            headers: headers.unwrap_or_default(),
        }
    }
}

impl Broker {
    /// The real one that the tests share.
    pub(crate) fn shared() -> Broker {
        Broker::at(xtask::services::kafka_bootstrap().expect("a Kafka runs"))
    }

    pub(crate) fn at(bootstrap: String) -> Broker {
        Broker { bootstrap }
    }

    pub(crate) fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    pub(crate) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.bootstrap);
        config
    }

    /// An empty topic, whatever an earlier run has left under that name.
    pub(crate) fn fresh_topic(&self, topic: &str, partitions: i32) {
        self.fresh_topic_with(topic, partitions, &[]);
    }

    pub(crate) fn fresh_topic_with(&self, topic: &str, partitions: i32, settings: &[(&str, &str)]) {
        self.delete_topic(topic);
        let mut new = NewTopic::new(topic, partitions, TopicReplication::Fixed(1));
        for (name, value) in settings {
            new = new.set(name, value);
        }
        let admin = self.admin();
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
        // The name of a topic that was just deleted may be taken for a moment.
        eventually(PATIENCE, "the topic can be created", || {
            let created = block_on(admin.create_topics([&new], &options));
            match created.expect("the broker answers")[0] {
                Ok(_) => true,
                Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => false,
                Err((_, code)) => panic!("{topic} cannot be created: {code}"),
            }
        });
        eventually(PATIENCE, "the topic has its leaders", || {
            self.leaders(topic) == usize::try_from(partitions).expect("not negative")
        });
    }

    pub(crate) fn delete_topic(&self, topic: &str) {
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
        let deleted = block_on(self.admin().delete_topics(&[topic], &options));
        match deleted.expect("the broker answers")[0] {
            Ok(_) | Err((_, RDKafkaErrorCode::UnknownTopicOrPartition)) => {}
            Err((_, code)) => panic!("{topic} cannot be deleted: {code}"),
        }
    }

    /// Removes the records of partition 0 before `offset`, as retention would.
    pub(crate) fn remove_before(&self, topic: &str, offset: i64) {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, 0, Offset::Offset(offset))
            .expect("an offset");
        let removed = block_on(self.admin().delete_records(&list, &AdminOptions::new()))
            .expect("the broker answers");
        let first = removed.find_partition(topic, 0).expect("the partition");
        assert_eq!(first.error(), Ok(()), "they are removed");
    }

    pub(crate) fn has_topic(&self, topic: &str) -> bool {
        self.leaders(topic) > 0
    }

    fn admin(&self) -> AdminClient<DefaultClientContext> {
        self.client().create().expect("an admin client starts")
    }

    fn leaders(&self, topic: &str) -> usize {
        // Asked by all topics, so that the question creates none.
        let metadata = self
            .asker()
            .fetch_metadata(None, PATIENCE)
            .expect("the broker answers");
        let found = metadata.topics().iter().find(|found| found.name() == topic);
        found.map_or(0, |found| {
            found
                .partitions()
                .iter()
                .filter(|part| part.leader() >= 0)
                .count()
        })
    }

    /// The cluster's id.
    pub(crate) fn cluster(&self) -> String {
        let asker = self.asker();
        let _answers = asker
            .fetch_metadata(None, PATIENCE)
            .expect("the broker answers");
        let id = asker.client().fetch_cluster_id(PATIENCE);
        id.expect("a real broker has one")
    }

    fn asker(&self) -> BaseConsumer {
        self.client().create().expect("a client starts")
    }

    /// Writes records and waits for the broker to have them all.
    pub(crate) fn produce(&self, topic: &str, messages: impl IntoIterator<Item = Message>) {
        let refused = Arc::new(AtomicUsize::new(0));
        let mut config = self.client();
        config
            .set("linger.ms", "5")
            .set("enable.idempotence", "true");
        let producer: ThreadedProducer<Refused> = config
            .create_with_context(Refused(Arc::clone(&refused)))
            .expect("a producer starts");
        for message in messages {
            let mut headers = OwnedHeaders::new();
            for (name, value) in &message.headers {
                headers = headers.insert(Header {
                    key: name,
                    value: Some(value),
                });
            }
            let mut record: BaseRecord<'_, [u8], [u8]> = BaseRecord::to(topic)
                .partition(message.partition)
                .headers(headers);
            record.payload = message.value.as_deref();
            record.key = message.key.as_deref();
            while let Err((error, same)) = producer.send(record) {
                assert!(
                    matches!(
                        error,
                        KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull)
                    ),
                    "{error}"
                );
                record = same;
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        producer.flush(s(60)).expect("the broker takes the records");
        assert_eq!(
            refused.load(Ordering::Acquire),
            0,
            "the broker refused records of the test"
        );
    }

    /// Writes `count` records, spread evenly; each value is its own number.
    pub(crate) fn fill(&self, topic: &str, partitions: i32, count: usize) {
        let numbers = (0..partitions).cycle().zip(0..count);
        self.produce(
            topic,
            numbers.map(|(partition, n)| Message::new(partition, n.to_string())),
        );
    }

    /// Goes on writing, some 3,000 records a second in every partition by turns, until told to stop.
    pub(crate) fn feed(&self, topic: &str, partitions: i32) -> Feed {
        let (broker, topic) = (self.clone(), topic.to_owned());
        let enough = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&enough);
        let thread = std::thread::spawn(move || {
            let mut written = 0;
            while !until.load(Ordering::Acquire) {
                broker.fill(&topic, partitions, FEED);
                written += FEED;
                std::thread::sleep(Duration::from_millis(100));
            }
            written
        });
        Feed { enough, thread }
    }

    /// The next offset to be written, of each partition.
    pub(crate) fn ends(&self, topic: &str, partitions: i32) -> BTreeMap<Place, i64> {
        let asker = self.asker();
        let end = |partition| {
            let (_, high) = asker
                .fetch_watermarks(topic, partition, PATIENCE)
                .expect("the broker answers");
            ((topic.to_owned(), partition), high)
        };
        (0..partitions).map(end).collect()
    }

    /// Everything that can be read in a topic, and at which offset.
    pub(crate) fn read(&self, topic: &str, partitions: i32) -> Vec<(i64, Message)> {
        let mut config = self.client();
        config
            .set("group.id", "unused, but the client wants one")
            .set("enable.auto.commit", "false")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true");
        let reader: BaseConsumer = config.create().expect("a reader starts");
        let mut list = TopicPartitionList::new();
        for partition in 0..partitions {
            list.add_partition_offset(topic, partition, Offset::Beginning)
                .expect("it is valid");
        }
        reader.assign(&list).expect("the list is valid");
        let mut found = Vec::new();
        let mut open = partitions;
        let until = Instant::now() + s(30);
        while open > 0 {
            assert!(Instant::now() < until, "{topic} is not read to its end");
            match reader.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => found.push((message.offset(), Message::of(&message))),
                Some(Err(KafkaError::PartitionEOF(_))) => open -= 1,
                Some(Err(error)) => panic!("{topic} cannot be read: {error}"),
                None => {}
            }
        }
        found
    }
}

/// Somebody who writes records all the time.
pub(crate) struct Feed {
    enough: Arc<AtomicBool>,
    thread: JoinHandle<usize>,
}

impl Feed {
    /// Ends it; how many records it has written.
    pub(crate) fn stop(self) -> usize {
        self.enough.store(true, Ordering::Release);
        self.thread.join().expect("the feed does not panic")
    }
}

/// Counts what the broker does not take.
struct Refused(Arc<AtomicUsize>);

impl ClientContext for Refused {}

impl ProducerContext for Refused {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.0
            .fetch_add(usize::from(result.is_err()), Ordering::AcqRel);
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(future)
}
