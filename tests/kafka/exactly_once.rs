//! **Exactly once.** Outputs and offsets are committed in one transaction: whoever reads committed records sees the outputs of
//! each input once, whatever happens to those who make them.
//!
//! The bad day: a crash between output and commit, a member that comes back from the dead, an output that is refused.

mod members;

use std::collections::BTreeMap;

use waterhealer::ErrorKind;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Member, Message, eventually, ms, s, settings};

#[pipeline(group = "from the configuration", delivery = exactly_once)]
mod copying {
    use super::*;

    #[source(topic = "wh-once-in")]
    fn read(record: &Record<'_>) -> Vec<u8> {
        record.value().unwrap_or_default().to_vec()
    }

    #[map(from = read, concurrency = 8)]
    async fn wait(value: Vec<u8>) -> Vec<u8> {
        tokio::time::sleep(ms(value.len() as u64 % 3)).await;
        value
    }

    #[filter(from = wait)]
    #[expect(clippy::ptr_arg, reason = "a stage is lent what the one before gives")]
    fn even(value: &Vec<u8>) -> bool {
        value.last().is_some_and(|digit| digit % 2 == 0)
    }

    #[sink(from = wait, topic = "wh-once-out")]
    fn all(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }

    #[sink(from = even, topic = "wh-once-even")]
    fn write(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }
}

/// How often each value is there, for readers of committed records.
fn counted(broker: &Broker, topic: &str, partitions: i32) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for (_, message) in broker.read(topic, partitions) {
        *counts
            .entry(message.text().parse().expect("a number"))
            .or_default() += 1;
    }
    counts
}

/// Each of the values is there once, and no other.
#[track_caller]
fn assert_once(counts: &BTreeMap<usize, usize>, values: impl Iterator<Item = usize>) {
    let wanted: BTreeMap<usize, usize> = values.map(|value| (value, 1)).collect();
    let lost = wanted.keys().filter(|value| !counts.contains_key(value));
    let repeated = counts.iter().filter(|(_, count)| **count > 1);
    assert_eq!(
        (lost.count(), repeated.count(), counts.len()),
        (0, 0, wanted.len()),
        "lost, repeated, all"
    );
}

#[test]
fn outputs_of_all_sinks_and_offsets_are_committed_together() {
    const COUNT: usize = 5_000;
    let broker = Broker::shared();
    broker.fresh_topic("wh-once-in", 4);
    broker.fresh_topic("wh-once-out", 2);
    broker.fresh_topic("wh-once-even", 2);
    broker.fill("wh-once-in", 4, COUNT);
    let group = Group::new(&broker, &[("wh-once-in", 4)]);
    let start = |until_end: bool| {
        let config = settings(broker.bootstrap(), &group);
        Member::start(copying::pipeline().config(match until_end {
            true => config.until_end(),
            false => config,
        }))
    };

    // Stopped in the middle: what is committed is visible, and nothing else is.
    let first = start(false);
    eventually(s(15), "some are written", || first.state().finished > 500);
    first.stop();
    let committed: i64 = group.committed().values().sum();
    let written = counted(&broker, "wh-once-out", 2);
    assert_eq!(written.len() as i64, committed);
    assert!((500..COUNT as i64).contains(&committed), "{committed}");

    let report = start(true).join(s(30)).expect("it ends in order");
    assert!(report.commits > 0);
    group.assert_at_end();
    assert_once(&counted(&broker, "wh-once-out", 2), 0..COUNT);
    let even = (0..COUNT).filter(|value| value % 2 == 0);
    assert_once(&counted(&broker, "wh-once-even", 2), even);

    // Transactions leave markers in the topic, which are no records: the next pipeline ends there all the same.
    broker.fresh_topic("wh-once-again", 2);
    let chained = Group::new(&broker, &[("wh-once-out", 2)]);
    let config = settings(broker.bootstrap(), &chained).until_end();
    let again = Member::start(again::pipeline().config(config));
    let report = again.join(s(30)).expect("it ends in order");
    assert_eq!(report.finished as usize, COUNT);
    assert_once(&counted(&broker, "wh-once-again", 2), 0..COUNT);
}

#[pipeline(group = "from the configuration", delivery = exactly_once)]
mod again {
    use super::*;

    #[source(topic = "wh-once-out")]
    fn read(record: &Record<'_>) -> Vec<u8> {
        record.value().unwrap_or_default().to_vec()
    }

    #[sink(from = read, topic = "wh-once-again")]
    fn write(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }
}

#[pipeline(group = "from the configuration", delivery = exactly_once)]
mod windows {
    use super::*;

    #[source(topic = "wh-once-windows")]
    fn read(record: &Record<'_>) -> String {
        String::from_utf8_lossy(record.value().unwrap_or_default()).into_owned()
    }

    #[map(from = read.partition(7, within = "10m"))]
    fn line(values: Vec<String>) -> String {
        values.join(" ")
    }

    #[sink(from = line, topic = "wh-once-windows-out")]
    fn write(line: String) -> KafkaMessage {
        KafkaMessage::new(line)
    }
}

#[test]
fn what_a_window_holds_over_a_commit_comes_once() {
    const COUNT: usize = 3_000;
    let broker = Broker::shared();
    broker.fresh_topic("wh-once-windows", 3);
    broker.fresh_topic("wh-once-windows-out", 2);
    let group = Group::new(&broker, &[("wh-once-windows", 3)]);
    let start = || {
        let config = settings(broker.bootstrap(), &group);
        Member::start(windows::pipeline().config(config))
    };
    let values = || -> Vec<usize> {
        let lines = broker.read("wh-once-windows-out", 2);
        let text: Vec<String> = lines.iter().map(|(_, message)| message.text()).collect();
        let values = text.iter().flat_map(|line| line.split(' '));
        values
            .map(|value| value.parse().expect("a number"))
            .collect()
    };
    // Windows are over several partitions, and stay short of full at each end.
    for (run, batch) in (0..COUNT).collect::<Vec<_>>().chunks(COUNT / 6).enumerate() {
        let numbers = batch
            .iter()
            .map(|n| Message::new((n % 3) as i32, n.to_string()));
        broker.produce("wh-once-windows", numbers);
        let member = start();
        let full = (run + 1) * (COUNT / 6) - 6;
        eventually(s(20), "windows go on", || values().len() >= full);
        member.stop();
    }
    let mut values = values();
    values.sort_unstable();
    let different = {
        let mut values = values.clone();
        values.dedup();
        values.len()
    };
    assert_eq!(different, values.len(), "no value is there twice");
    assert!(different >= COUNT - 6, "{different}");
    let committed: i64 = group.committed().values().sum();
    assert_eq!(committed as usize, different, "what is committed is there");
}

#[pipeline(group = "from the configuration", delivery = exactly_once, interval = "100ms")]
mod halting {
    use super::*;

    #[source(topic = "wh-once-halt")]
    fn read(record: &Record<'_>) -> Result<usize, Box<dyn std::error::Error + Send + Sync>> {
        Ok(record.text()?.parse()?)
    }

    #[map(from = read)]
    fn check(size: usize) -> Result<usize, &'static str> {
        if size == 13 { Err("unlucky") } else { Ok(size) }
    }

    #[sink(from = check, topic = "wh-once-halt-out")]
    fn write(size: usize) -> KafkaMessage {
        KafkaMessage::new(vec![b'x'; size])
    }
}

/// A hundred records, committed; then a hundred with a bad one among them, all read at once.
fn a_bad_record(bad: usize) -> (waterhealer::Error, Group, Broker) {
    let broker = Broker::shared();
    broker.fresh_topic("wh-once-halt", 1);
    broker.fresh_topic_with("wh-once-halt-out", 1, &[("max.message.bytes", "20000")]);
    let group = Group::new(&broker, &[("wh-once-halt", 1)]);
    let start = |until_end: bool| {
        let config = settings(broker.bootstrap(), &group).kafka("batch.num.messages", "1");
        Member::start(halting::pipeline().config(match until_end {
            true => config.until_end(),
            false => config,
        }))
    };
    let value = |n| Message::new(0, if n == 150 { bad } else { 100 }.to_string());
    broker.produce("wh-once-halt", (0..100).map(value));
    start(true).join(s(20)).expect("nothing is wrong yet");
    broker.produce("wh-once-halt", (100..200).map(value));
    let error = start(false).join(s(30)).expect_err("a record is bad");
    assert_eq!(group.committed_in(0), Some(100), "{error}");
    let visible = broker.read("wh-once-halt-out", 1);
    assert_eq!(visible.len(), 100, "what was aborted is not visible");
    (error, group, broker)
}

#[test]
fn a_record_that_halts_takes_its_transaction_with_it() {
    let _alone = HALTING.lock();
    let (error, ..) = a_bad_record(13);
    let ErrorKind::Halted { stage, position } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!((*stage, position.offset), ("check", 150));
}

#[test]
fn a_message_that_is_not_delivered_takes_its_transaction_with_it() {
    let _alone = HALTING.lock();
    let (error, ..) = a_bad_record(30_000);
    assert_eq!(error.kind(), &ErrorKind::Commit, "{error}");
    for words in ["wh-once-halt-out", "too large", "Nothing of it is visible"] {
        assert!(error.to_string().contains(words), "no `{words}` in {error}");
    }
}

/// The two tests above use the same topics.
static HALTING: std::sync::Mutex<()> = std::sync::Mutex::new(());
