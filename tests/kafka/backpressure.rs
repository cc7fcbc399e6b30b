//! **Work is bounded, and slowness stays where it is.** A partition whose first unfinished record hangs stops being fetched
//! at `max_in_flight`; the others go on. A stage that takes longer than `max.poll.interval.ms` does not cost the member
//! its partitions, because the thread that polls never waits for a stage.
//!
//! The bad days: one slow partition of many that stops all, memory that grows behind it, a member that is thrown out of
//! its group for being slow.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use waterhealer::prelude::*;

use crate::support::{
    Broker, Group, Journal, Member, Message, Watcher, eventually, heavy, s, settings,
};

const BOUND: usize = 200;

/// Records of the partition that hangs.
const SLOW: usize = 20_000;

#[pipeline(group = "from the configuration", max_in_flight = 200)]
mod one_hangs {
    use super::*;

    #[source(topic = "wh-pressure")]
    fn read(record: &Record<'_>) -> Result<(Position, bool), std::str::Utf8Error> {
        Ok((record.position(), record.text()? == "hang"))
    }

    #[map(from = read, concurrency = 8)]
    async fn work((at, hang): (Position, bool), gate: &Arc<Semaphore>) -> Position {
        if hang {
            let _through = gate.acquire().await;
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn one_partition_that_hangs_is_held_back_and_the_others_go_on() {
    const TOPIC: &str = "wh-pressure";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 4);
    let value = |n: usize, partition: i32| match (partition, n) {
        (2, 50) => Message::new(partition, "hang"),
        _ => Message::new(partition, format!("{n:0>1000}")),
    };
    let even = (0..3_000).flat_map(|n| (0..4).map(move |partition| (n, partition)));
    let of_the_slow_one = (3_000..SLOW).map(|n| (n, 2));
    broker.produce(
        TOPIC,
        even.chain(of_the_slow_one)
            .map(|(n, partition)| value(n, partition)),
    );
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let gate = Arc::new(Semaphore::new(0));
    let resources = one_hangs::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group)
        .kafka("queued.max.messages.kbytes", "64")
        .kafka("fetch.message.max.bytes", "16384");
    let member = Member::start(one_hangs::pipeline(resources).config(config));

    eventually(s(20), "the others reach their ends", || {
        [0, 1, 3]
            .iter()
            .all(|partition| group.committed_in(*partition) == Some(3_000))
    });
    assert_eq!(
        group.committed_in(2),
        Some(50),
        "up to the record that hangs"
    );
    let state = member.state();
    let paused: Vec<i32> = state
        .partitions
        .iter()
        .filter(|held| held.paused)
        .map(|held| held.partition)
        .collect();
    assert_eq!(paused, [2], "{state:?}");
    // The bound is looked after every 10 ms: what came within one such time is above it, the rest was not fetched.
    let behind = journal
        .missing(&(TOPIC.to_owned(), 2), 51, SLOW as i64)
        .len();
    assert!(
        behind > SLOW / 2,
        "only {behind} of {SLOW} are left unfetched"
    );

    gate.add_permits(1);
    group.wait_until_at_end(s(20));
    assert!(
        member.state().partitions.iter().all(|held| !held.paused),
        "{:?}",
        member.state()
    );
    member.stop();
    watcher.finish(4);
    assert_eq!(
        (journal.records(), journal.repeats()),
        (9_000 + SLOW, 0),
        "each record once"
    );
}

#[test]
fn bytes_in_flight_are_bounded_as_records_are() {
    const TOPIC: &str = "wh-pressure";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    let value = |n: usize| match n {
        0 => Message::new(0, "hang"),
        _ => Message::new(0, format!("{n:0>1000}")),
    };
    broker.produce(TOPIC, (0..SLOW).map(value));
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let (journal, gate) = (Journal::new(), Arc::new(Semaphore::new(0)));
    let resources = one_hangs::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group)
        .set("max_in_flight", "1000000")
        .set("max_in_flight_bytes", "1000000")
        .kafka("queued.max.messages.kbytes", "64")
        .kafka("fetch.message.max.bytes", "16384");
    let member = Member::start(one_hangs::pipeline(resources).config(config));
    eventually(s(20), "it is held back", || {
        let state = member.state();
        state.partitions.first().is_some_and(|held| held.paused)
    });
    let state = member.state();
    let in_flight = state.partitions[0].in_flight as usize;
    assert!((1_000..SLOW / 2).contains(&in_flight), "{state:?}");
    gate.add_permits(1);
    group.wait_until_at_end(s(20));
    member.stop();
    assert_eq!((journal.records(), journal.repeats()), (SLOW, 0));
}

#[pipeline(group = "from the configuration", max_in_flight = 200)]
mod at_the_end {
    use super::*;

    #[source(topic = "wh-pressure-end")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 8)]
    async fn work(at: Position, gate: &Arc<Semaphore>) -> Position {
        if at.offset == 0 {
            let _through = gate.acquire().await;
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_partition_held_back_at_its_end_goes_on_with_the_next_record() {
    const TOPIC: &str = "wh-pressure-end";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 2 * BOUND);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let gate = Arc::new(Semaphore::new(0));
    let resources = at_the_end::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group);
    let member = Member::start(at_the_end::pipeline(resources).config(config));
    eventually(s(10), "all but the first are done", || {
        journal.records() == 2 * BOUND - 1
    });
    eventually(s(2), "it is held back", || {
        member.state().partitions[0].paused
    });
    broker.fill(TOPIC, 1, 10);
    gate.add_permits(1);
    group.wait_until_at_end(s(10));
    member.stop();
    assert_eq!(
        (journal.records(), journal.repeats()),
        (2 * BOUND + 10, 0),
        "each record once"
    );
}

#[pipeline(group = "from the configuration")]
mod slow {
    use super::*;

    #[source(topic = "wh-pressure-slow")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(at: Position, journal: &Journal) {
        if at.offset == 10 {
            std::thread::sleep(Duration::from_secs(9));
        }
        journal.note(&at.topic, at.partition, at.offset);
    }
}

fn a_slow_stage_keeps_its_partitions(strategy: &str) {
    const TOPIC: &str = "wh-pressure-slow";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 20);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let config = settings(broker.bootstrap(), &group)
        .kafka("partition.assignment.strategy", strategy)
        .kafka("max.poll.interval.ms", "6000")
        .kafka("session.timeout.ms", "6000");
    let resources = slow::Resources {
        journal: journal.clone(),
    };
    let member = Member::start(slow::pipeline(resources).config(config));
    eventually(s(10), "the slow record is reached", || {
        journal.records() == 10
    });
    for _ in 0..80 {
        assert_eq!(
            member.holds(),
            1,
            "it has lost its partition: {:?}",
            member.state()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(
        group.committed_in(0).unwrap_or(0) <= 10,
        "a record under way is not committed"
    );
    group.wait_until_at_end(s(10));
    member.stop();
    assert_eq!(
        (journal.records(), journal.repeats()),
        (20, 0),
        "each record once"
    );
}

#[test]
fn a_stage_slower_than_the_poll_interval_keeps_its_partitions() {
    a_slow_stage_keeps_its_partitions("range");
}

#[test]
fn a_stage_slower_than_the_poll_interval_keeps_its_partitions_in_a_cooperative_group() {
    a_slow_stage_keeps_its_partitions("cooperative-sticky");
}
