//! **Written before committed.** A record that goes to a Kafka sink is finished when the broker has acknowledged what was
//! made of it: what is committed is in the output topic. A message that the broker refuses halts the pipeline.
//!
//! The bad day: a crash between output and commit, and an output that was never taken.

use std::collections::BTreeSet;

use waterhealer::ErrorKind;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Member, Message, eventually, ms, s, settings};

#[pipeline(group = "from the configuration")]
mod copying {
    use super::*;

    /// What a message is made of.
    type Parts = (Vec<u8>, Vec<u8>, Vec<u8>);

    #[source(topic = "wh-sink-in")]
    fn read(record: &Record<'_>) -> Parts {
        let key = record.key().unwrap_or_default().to_vec();
        let header = record.header("trace").unwrap_or_default().to_vec();
        (key, record.value().unwrap_or_default().to_vec(), header)
    }

    #[map(from = read, concurrency = 8)]
    async fn wait(parts: Parts) -> Parts {
        tokio::time::sleep(ms(parts.0.len() as u64 % 3)).await;
        parts
    }

    #[sink(from = wait, topic = "wh-sink-out")]
    fn write((key, value, header): Parts) -> KafkaMessage {
        KafkaMessage::new(value)
            .key(key)
            .header("trace", header)
            .header("by", "copying")
    }
}

fn numbered(n: usize) -> Message {
    Message {
        partition: i32::try_from(n % 4).expect("small"),
        key: Some(format!("key {n}").into_bytes()),
        value: Some(n.to_string().into_bytes()),
        headers: vec![("trace".to_owned(), format!("trace {n}").into_bytes())],
    }
}

#[test]
fn what_is_committed_is_in_the_output_with_keys_and_headers() {
    const COUNT: usize = 5_000;
    let broker = Broker::shared();
    broker.fresh_topic("wh-sink-in", 4);
    broker.fresh_topic("wh-sink-out", 2);
    broker.produce("wh-sink-in", (0..COUNT).map(numbered));
    let group = Group::new(&broker, &[("wh-sink-in", 4)]);
    let start = |until_end: bool| {
        let config = settings(broker.bootstrap(), &group);
        let config = if until_end {
            config.until_end()
        } else {
            config
        };
        Member::start(copying::pipeline().config(config))
    };

    // Stopped in the middle: everything committed by then is in the output.
    let first = start(false);
    eventually(s(15), "some are written", || first.state().finished > 500);
    first.stop();
    let committed: i64 = group.committed().values().sum();
    let written = broker.read("wh-sink-out", 2);
    assert!(
        written.len() as i64 >= committed,
        "{committed} committed, {} written",
        written.len()
    );
    assert!(
        (500..COUNT as i64).contains(&committed),
        "stopped at {committed}"
    );

    start(true).join(s(30)).expect("it ends in order");
    group.assert_at_end();
    let written = broker.read("wh-sink-out", 2);
    assert_eq!(written.len(), COUNT, "an orderly end repeats nothing");
    let different: BTreeSet<String> = written.iter().map(|(_, message)| message.text()).collect();
    assert_eq!(different.len(), COUNT);
    for (_, message) in written {
        let mut wanted = numbered(message.text().parse().expect("a number"));
        wanted.partition = message.partition;
        wanted.headers.push(("by".to_owned(), b"copying".to_vec()));
        assert_eq!(message, wanted);
    }
}

#[pipeline(group = "from the configuration")]
mod growing {
    use super::*;

    #[source(topic = "wh-sink-small-in")]
    fn read(record: &Record<'_>) -> Result<usize, Box<dyn std::error::Error + Send + Sync>> {
        Ok(record.text()?.parse()?)
    }

    #[sink(from = read, topic = "wh-sink-small-out")]
    fn write(size: usize) -> KafkaMessage {
        KafkaMessage::new(vec![b'x'; size])
    }
}

/// One record after the other; the hundredth makes a message that somebody refuses.
fn a_message_is_refused(size: usize, batches: &str, words: &[&str]) {
    let broker = Broker::shared();
    broker.fresh_topic("wh-sink-small-in", 1);
    broker.fresh_topic_with("wh-sink-small-out", 1, &[("max.message.bytes", "20000")]);
    let value = |n| Message::new(0, if n == 100 { size } else { n }.to_string());
    broker.produce("wh-sink-small-in", (0..200).map(value));
    let group = Group::new(&broker, &[("wh-sink-small-in", 1)]);
    for _ in 0..2 {
        let config = settings(broker.bootstrap(), &group)
            .kafka("batch.num.messages", batches)
            .until_end();
        let error = Member::start(growing::pipeline().config(config))
            .join(s(30))
            .expect_err("it is refused");
        let ErrorKind::Halted { stage, position } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*stage, position.offset), ("write", 100), "{error}");
        for word in words {
            assert!(error.to_string().contains(word), "no `{word}` in: {error}");
        }
        assert_eq!(
            group.committed_in(0),
            Some(100),
            "what was refused is not committed"
        );
    }
    let written = broker.read("wh-sink-small-out", 1);
    assert!(
        written
            .iter()
            .all(|(_, message)| message.text().len() <= 200),
        "it was refused"
    );
    assert!(written.len() >= 100, "what came before it is written");
}

#[test]
fn a_message_that_is_refused_halts_and_its_record_is_not_committed() {
    // By the broker, whose topic takes 20,000 bytes; each message is a batch, or a whole batch would be refused with it.
    a_message_is_refused(30_000, "1", &["too large"]);
    // By the client, which asks nobody above `message.max.bytes`.
    a_message_is_refused(2_000_000, "1", &["wh-sink-small-out"]);
}
