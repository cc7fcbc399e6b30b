//! **A rebalance finds a member in the middle of everything.** Calls under way in three lanes, windows that hold records,
//! partitions held back because too much is in flight, a commit on its way each few milliseconds, and a user's runtime with
//! no thread to spare: members come and go, nothing is lost, and no offset moves back or past what is not done.
//!
//! The bad days: revoke at every step of a record's way; a rebalance callback that waits for a thread which waits for it;
//! a commit that overtakes the one before.

use tokio::runtime::Builder;
use waterhealer::prelude::*;

use crate::support::{
    Broker, Group, Journal, Member, Mock, Random, Watcher, eventually, heavy, ms, s, settings,
};

const TOPIC: &str = "wh-steps";
const PARTITIONS: i32 = 8;
/// So many to begin with, and in each round.
const RECORDS: usize = 5_000;
const ROUNDS: usize = 2;

#[pipeline(group = "from the configuration", max_in_flight = 150)]
mod busy {
    use super::*;

    #[source(topic = "wh-steps")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    /// What the window before it holds of a partition is the last of it, so nothing that is finished waits behind that.
    #[map(from = read.partition(40, within = "200ms"), concurrency = 2)]
    async fn work(all: Batch<Position>) -> Batch<Position> {
        let first = all.as_slice().first().map_or(0, |at| at.offset);
        tokio::time::sleep(ms(60 + first.unsigned_abs() % 37)).await;
        all
    }

    #[sink(from = work)]
    fn note(all: Batch<Position>, journal: &Journal) -> Done {
        for at in all.as_slice() {
            journal.note(&at.topic, at.partition, at.offset);
        }
        all.done()
    }
}

fn one_worker() -> Builder {
    let mut one = Builder::new_multi_thread();
    one.worker_threads(1);
    one
}

/// A second member joins and leaves, on the one kind of runtime or the other.
fn everything_at_once(lanes: &str, kafka: &[(&str, &str)]) {
    let _alone = heavy();
    let mut random = Random::from_seed();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let start = |runtime| {
        // Small fetches, so that what is in flight is bounded by us and not by what the client has at once.
        let mut config = settings(broker.bootstrap(), &group)
            .interval(ms(5))
            .set("lanes", lanes)
            .kafka("queued.max.messages.kbytes", "16")
            .kafka("fetch.message.max.bytes", "2048");
        for (name, value) in kafka {
            config = config.kafka(name, *value);
        }
        let resources = busy::Resources {
            journal: journal.clone(),
        };
        Member::start_on(runtime, busy::pipeline(resources).config(config))
    };
    let mut first = start(one_worker());
    first.wait_until_it_holds(8);
    for time in 0..ROUNDS {
        broker.fill(TOPIC, PARTITIONS, RECORDS);
        eventually(s(20), "partitions are held back", || {
            first.state().partitions.iter().any(|held| held.paused)
        });
        let runtime = match time {
            1 => one_worker(),
            _ => Builder::new_current_thread(),
        };
        let second = start(runtime);
        second.wait_until_it_holds(4);
        first.wait_until_it_holds(4);
        std::thread::sleep(ms(random.below(300)));
        first.stop();
        second.wait_until_it_holds(8);
        first = second;
    }
    group.wait_until_at_end(s(90));
    first.stop();
    watcher.finish(10);
    let records = (ROUNDS + 1) * RECORDS;
    assert_eq!(journal.records(), records, "every record was processed");
    group.assert_at_end();
    // A broker too busy to confirm the commit on revoke in time leaves what was finished meanwhile to the next owner.
    eprintln!("processed again: {}", journal.repeats());
}

const EAGER: &[(&str, &str)] = &[
    ("partition.assignment.strategy", "range"),
    ("heartbeat.interval.ms", "300"),
];
const COOPERATIVE: &[(&str, &str)] = &[
    ("partition.assignment.strategy", "cooperative-sticky"),
    ("heartbeat.interval.ms", "300"),
];
const NEW: &[(&str, &str)] = &[("group.protocol", "consumer")];

#[test]
fn everything_at_once_under_the_eager_protocol() {
    everything_at_once("1", EAGER);
}

#[test]
fn everything_at_once_in_three_lanes_under_the_eager_protocol() {
    everything_at_once("3", EAGER);
}

#[test]
fn everything_at_once_in_three_lanes_under_the_cooperative_protocol() {
    everything_at_once("3", COOPERATIVE);
}

#[test]
fn everything_at_once_in_three_lanes_under_the_new_protocol() {
    everything_at_once("3", NEW);
}

#[pipeline(group = "from the configuration")]
mod plain {
    use super::*;

    #[source(topic = "wh-steps-slow-answers")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 4)]
    async fn work(at: Position) -> Position {
        tokio::time::sleep(ms(2)).await;
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// The broker takes its time for each answer, so there is always a commit on its way when partitions are to be given up.
fn a_commit_is_under_way(kafka: &[(&str, &str)]) {
    const TOPIC: &str = "wh-steps-slow-answers";
    let mock = Mock::with_topic(TOPIC, 4);
    let broker = mock.broker();
    broker.fill(TOPIC, 4, 24_000);
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let journal = Journal::new();
    let start = |runtime| {
        let mut config = settings(broker.bootstrap(), &group)
            .interval(ms(20))
            .kafka("session.timeout.ms", "6000")
            .kafka("fetch.wait.max.ms", "50");
        for (name, value) in kafka {
            config = config.kafka(name, *value);
        }
        let resources = plain::Resources {
            journal: journal.clone(),
        };
        Member::start_on(runtime, plain::pipeline(resources).config(config))
    };
    let first = start(Builder::new_current_thread());
    first.wait_until_it_holds(4);
    mock.answer_after(ms(400));
    let watcher = Watcher::start(&group, &journal);
    let second = start(one_worker());
    second.wait_until_it_holds(2);
    first.wait_until_it_holds(2);
    assert!(journal.records() < 24_000, "there is work left");
    first.stop();
    second.wait_until_it_holds(4);
    mock.answer_after(ms(0));
    group.wait_until_at_end(s(90));
    second.stop();
    watcher.finish(4);
    // This broker takes no commit once a group is joining, which a real one does, so some are done again.
    assert_eq!(journal.records(), 24_000, "every record was processed");
}

#[test]
fn a_commit_is_under_way_when_an_eager_group_rebalances() {
    a_commit_is_under_way(EAGER);
}

#[test]
fn a_commit_is_under_way_when_a_cooperative_group_rebalances() {
    a_commit_is_under_way(COOPERATIVE);
}
