//! **Exactly once.** Outputs and offsets are committed in one transaction: whoever reads committed records sees the outputs of
//! each input once, whatever happens to those who make them.
//!
//! The bad day: a crash between output and commit, a member that comes back from the dead, an output that is refused.

use std::collections::BTreeMap;

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
}
