//! **One slow key or partition never stops the others**, and each keeps its order. What waits for its turn is bounded by what
//! may be in flight of its partition, and by nothing else.
//!
//! The bad day: one customer's call hangs, and all places of the stage are taken by that customer's next ones.

use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, Message, Watcher, eventually, s, settings};

const PARTITIONS: i32 = 4;
const RECORDS: usize = 8_000;

/// Offsets in the order in which their calls ended, by what they have in common.
type Ends = Arc<Mutex<Vec<(u64, i64)>>>;

/// Notes that a call has ended; those of domain 1 hang until the gate is open.
async fn work(domain: u64, at: &Position, gate: &Semaphore, ends: &Ends) {
    if domain == 1 {
        let _through = gate.acquire().await;
    }
    if at.offset % 7 == 0 {
        tokio::task::yield_now().await;
    }
    let mut ends = ends.lock().expect("no test panics here");
    ends.push((domain, at.offset));
}

#[pipeline(group = "from the configuration")]
mod by_key {
    use super::*;

    #[source(topic = "wh-order-key")]
    fn read(record: &Record<'_>) -> (Position, u64) {
        let key = record.key().and_then(<[u8]>::first).copied();
        (record.position(), key.map_or(0, u64::from))
    }

    #[map(from = read, concurrency = 16, order_by = key)]
    async fn call(read: (Position, u64), gate: &Arc<Semaphore>, ends: &Ends) -> Position {
        work(read.1, &read.0, gate, ends).await;
        read.0
    }

    #[sink(from = call)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[pipeline(group = "from the configuration", max_in_flight = 500)]
mod by_partition {
    use super::*;

    #[source(topic = "wh-order-partition")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 16, order_by = partition)]
    async fn call(at: Position, gate: &Arc<Semaphore>, ends: &Ends) -> Position {
        work(at.partition.unsigned_abs().into(), &at, gate, ends).await;
        at
    }

    #[sink(from = call)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// Within what they have in common, calls have ended in the order of the offsets.
fn assert_in_order(ends: &Ends) {
    let ends = ends.lock().expect("no test panics here");
    let mut last = std::collections::BTreeMap::new();
    for (domain, offset) in ends.iter() {
        let before = last.insert(*domain, *offset);
        assert!(
            before < Some(*offset),
            "{domain}: {before:?}, then {offset}"
        );
    }
}

#[test]
fn a_key_that_hangs_stops_no_other_key() {
    const TOPIC: &str = "wh-order-key";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    let keyed = (0..RECORDS).map(|number| Message {
        key: Some(vec![(number % 20) as u8]),
        ..Message::new(0, number.to_string())
    });
    broker.produce(TOPIC, keyed);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let (journal, gate) = (Journal::new(), Arc::new(Semaphore::new(0)));
    let ends = Ends::default();
    let watcher = Watcher::start(&group, &journal);
    let resources = by_key::Resources {
        gate: Arc::clone(&gate),
        ends: Arc::clone(&ends),
        journal: journal.clone(),
    };
    let pipeline = by_key::pipeline(resources).config(settings(broker.bootstrap(), &group));
    let member = Member::start(pipeline);
    eventually(s(60), "all other keys are done", || {
        journal.records() == RECORDS - RECORDS / 20
    });
    assert!(
        group.committed_in(0).is_none_or(|committed| committed <= 1),
        "the first record of the key that hangs is the second of all"
    );
    gate.close();
    group.wait_until_at_end(s(60));
    member.stop();
    watcher.finish(1);
    assert_eq!((journal.records(), journal.repeats()), (RECORDS, 0));
    assert_in_order(&ends);
}

#[test]
fn a_partition_that_hangs_stops_no_other_partition() {
    const TOPIC: &str = "wh-order-partition";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let (journal, gate) = (Journal::new(), Arc::new(Semaphore::new(0)));
    let ends = Ends::default();
    let watcher = Watcher::start(&group, &journal);
    let resources = by_partition::Resources {
        gate: Arc::clone(&gate),
        ends: Arc::clone(&ends),
        journal: journal.clone(),
    };
    let pipeline = by_partition::pipeline(resources).config(settings(broker.bootstrap(), &group));
    let member = Member::start(pipeline);
    let each = (RECORDS / PARTITIONS as usize) as i64;
    eventually(
        s(60),
        "all other partitions are committed to their ends",
        || [0, 2, 3].map(|partition| group.committed_in(partition)) == [Some(each); 3],
    );
    assert_eq!(journal.times(TOPIC, 1, 0), 0);
    gate.close();
    group.wait_until_at_end(s(60));
    member.stop();
    watcher.finish(1);
    assert_eq!((journal.records(), journal.repeats()), (RECORDS, 0));
    assert_in_order(&ends);
}
