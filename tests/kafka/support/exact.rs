//! Records to the last byte, as a client of our own writes and reads them: keys and values that are absent or empty,
//! headers without a value and twice of one name, timestamps.

use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, Headers as _, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{Broker, s};

/// A record, whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Exact {
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) headers: Vec<(String, Option<Vec<u8>>)>,
    pub(crate) timestamp: Option<i64>,
}

impl Exact {
    /// The value of the last header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.headers.iter().rev();
        let found = headers.find(|(key, _)| key == name);
        found.and_then(|(_, value)| value.as_deref())
    }

    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> &str {
        let value = self.header(name);
        let value = value.unwrap_or_else(|| panic!("no header `{name}` in {self:?}"));
        std::str::from_utf8(value).expect("the header is text")
    }
}

/// Writes records to partition 0, in order.
pub(crate) fn write(broker: &Broker, topic: &str, records: &[Exact]) {
    let producer: BaseProducer = client(broker).create().expect("a producer starts");
    for exact in records {
        let mut headers = OwnedHeaders::new();
        for (name, value) in &exact.headers {
            headers = headers.insert(Header {
                key: name,
                value: value.as_ref(),
            });
        }
        let mut record: BaseRecord<'_, [u8], [u8]> =
            BaseRecord::to(topic).partition(0).headers(headers);
        record.payload = exact.value.as_deref();
        record.key = exact.key.as_deref();
        record.timestamp = exact.timestamp;
        producer.send(record).expect("it is queued");
    }
    producer.flush(s(30)).expect("the broker takes the records");
}

/// All records of a topic, by partition and offset.
pub(crate) fn read(broker: &Broker, topic: &str, partitions: i32) -> Vec<Exact> {
    let mut config = client(broker);
    config
        .set("group.id", "unused, but the client wants one")
        .set("enable.auto.commit", "false")
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
            Some(Ok(message)) => {
                let place = (message.partition(), message.offset());
                let headers = message.headers().into_iter().flat_map(|list| list.iter());
                let headers =
                    headers.map(|one| (one.key.to_owned(), one.value.map(<[u8]>::to_vec)));
                let exact = Exact {
                    key: message.key().map(<[u8]>::to_vec),
                    value: message.payload().map(<[u8]>::to_vec),
                    headers: headers.collect(),
                    timestamp: message.timestamp().to_millis(),
                };
                found.push((place, exact));
            }
            Some(Err(KafkaError::PartitionEOF(_))) => open -= 1,
            Some(Err(error)) => panic!("{topic} cannot be read: {error}"),
            None => {}
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, exact)| exact).collect()
}

fn client(broker: &Broker) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", broker.bootstrap());
    config
}
