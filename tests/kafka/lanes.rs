//! **Lanes share a member's partitions out, and each keeps its own.** With `lanes = n` a partition is worked on by one lane
//! from its assignment to its end; what hangs in one lane stops no other; revokes, halts and the end wait for all lanes.
//!
//! The bad days: a synchronous stage that blocks, members that come and go, a record that fails while other lanes work.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, ThreadId};

use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, Message, Watcher, eventually, s, settings};

/// Which threads have worked on a partition.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<BTreeMap<i32, Vec<ThreadId>>>>);

impl Seen {
    fn note(&self, partition: i32) {
        let mut seen = self.0.lock().unwrap();
        let threads = seen.entry(partition).or_default();
        if !threads.contains(&thread::current().id()) {
            threads.push(thread::current().id());
        }
    }
}

#[pipeline(group = "from the configuration", lanes = 3)]
mod shared {
    use super::*;

    #[source(topic = "wh-lanes")]
    fn read(record: &Record<'_>, seen: &Seen) -> Position {
        seen.note(record.partition());
        record.position()
    }

    #[map(from = read, concurrency = 8)]
    async fn work(at: Position) -> Position {
        if at.offset % 7 == 0 {
            tokio::task::yield_now().await;
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn each_partition_has_one_lane_and_members_come_and_go() {
    const TOPIC: &str = "wh-lanes";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 8);
    let group = Group::new(&broker, &[(TOPIC, 8)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let feed = broker.feed(TOPIC, 8);
    let start = |seen: &Seen| {
        let resources = shared::Resources {
            seen: seen.clone(),
            journal: journal.clone(),
        };
        Member::start(shared::pipeline(resources).config(settings(broker.bootstrap(), &group)))
    };
    let (seen, other) = (Seen::default(), Seen::default());
    let first = start(&seen);
    first.wait_until_it_holds(8);
    eventually(s(20), "all partitions are read", || {
        seen.0.lock().unwrap().len() == 8
    });
    let by_partition = seen.0.lock().unwrap().clone();
    let threads: BTreeSet<String> = by_partition
        .values()
        .inspect(|threads| assert_eq!(threads.len(), 1, "{by_partition:?}"))
        .map(|threads| format!("{:?}", threads[0]))
        .collect();
    assert_eq!(threads.len(), 3, "{by_partition:?}");

    let second = start(&other);
    second.wait_until_it_holds(4);
    first.wait_until_it_holds(4);
    second.stop();
    first.wait_until_it_holds(8);
    let fed = feed.stop();
    group.wait_until_at_end(s(30));
    let report = first.stop();
    watcher.finish(8);
    assert!(report.finished > 0);
    assert_eq!((journal.records(), journal.repeats()), (fed, 0));
}

/// A door that is shut until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Door(Arc<(Mutex<bool>, Condvar)>);

impl Door {
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let mut open = self.0.0.lock().unwrap();
        while !*open {
            open = self.0.1.wait(open).unwrap();
        }
    }
}

#[pipeline(group = "from the configuration", lanes = 2)]
mod blocked {
    use super::*;

    #[source(topic = "wh-lanes-blocked")]
    fn read(record: &Record<'_>) -> Result<(Position, bool), std::str::Utf8Error> {
        Ok((record.position(), record.text()? == "block"))
    }

    #[sink(from = read)]
    fn note(
        (at, blocks): (Position, bool),
        door: &Door,
        journal: &Journal,
    ) -> Result<(), &'static str> {
        if blocks {
            door.pass();
            return Err("it never works");
        }
        journal.note(&at.topic, at.partition, at.offset);
        Ok(())
    }
}

#[test]
fn a_lane_that_blocks_stops_no_other_and_its_halt_ends_all() {
    const TOPIC: &str = "wh-lanes-blocked";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 2);
    let value = |n: i32| match n {
        20 => Message::new(0, "block"),
        n => Message::new(n % 2, "fine"),
    };
    broker.produce(TOPIC, (0..1_000).map(value));
    let group = Group::new(&broker, &[(TOPIC, 2)]);
    let (journal, door) = (Journal::new(), Door::default());
    let watcher = Watcher::start(&group, &journal);
    let resources = blocked::Resources {
        door: door.clone(),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group);
    let member = Member::start(blocked::pipeline(resources).config(config));
    eventually(s(20), "the other lane ends its partition", || {
        group.committed_in(1) == Some(500)
    });
    assert_eq!(
        group.committed_in(0),
        None,
        "nothing is told while it blocks"
    );
    door.open();
    let error = member.join(s(20)).unwrap_err().to_string();
    assert!(error.contains("it never works"), "{error}");
    watcher.finish(1);
    assert_eq!(group.committed_in(0), Some(10));
}

#[pipeline(group = "from the configuration", max_in_flight = 100, lanes = 2)]
mod wide {
    use super::*;

    #[source(topic = "wh-lanes-wide")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read.partition(700, hold))]
    fn note(all: Batch<Position>, journal: &Journal) -> Done {
        for at in all.as_slice() {
            journal.note(&at.topic, at.partition, at.offset);
        }
        all.done()
    }
}

#[test]
fn a_window_that_takes_more_than_may_be_in_flight_fills_all_the_same() {
    const TOPIC: &str = "wh-lanes-wide";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 2);
    broker.fill(TOPIC, 2, 2_800);
    let group = Group::new(&broker, &[(TOPIC, 2)]);
    let journal = Journal::new();
    let resources = wide::Resources {
        journal: journal.clone(),
    };
    // Small fetches, so that the bound is reached long before the window is full.
    let config = settings(broker.bootstrap(), &group)
        .kafka("queued.max.messages.kbytes", "1")
        .kafka("fetch.message.max.bytes", "1024")
        .until_end();
    let member = Member::start(wide::pipeline(resources).config(config));
    member.join(s(60)).unwrap();
    assert_eq!((journal.records(), journal.repeats()), (2_800, 0));
    group.assert_at_end();
}
