//! **Many records, many partitions.** However much lies between two heals, a commit has one entry for each partition; and of
//! many partitions one that is slow stops no other.
//!
//! The bad days: a commit with an entry for each record, which brokers refuse above some 17,000; one slow key that stops
//! everything.

use std::sync::Arc;

use tokio::sync::Semaphore;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, eventually, heavy, s, settings};

#[pipeline(group = "from the configuration")]
mod million {
    use super::*;

    #[source(topic = "wh-large")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read)]
    fn done(_offset: i64) {}
}

#[test]
fn a_million_records_between_two_heals_are_one_commit() {
    const TOPIC: &str = "wh-large";
    const RECORDS: usize = 1_000_000;
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 12);
    broker.fill(TOPIC, 12, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, 12)]);
    let config = settings(broker.bootstrap(), &group)
        .interval(s(3_600))
        .until_end();
    let report = Member::start(million::pipeline().config(config))
        .join(s(120))
        .expect("it ends in order");
    assert_eq!((report.finished, report.commits), (RECORDS as u64, 1));
    group.assert_at_end();
    broker.delete_topic(TOPIC);
}

#[pipeline(group = "from the configuration", max_in_flight = 100)]
mod one_slow {
    use super::*;

    #[source(topic = "wh-large-slow")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 64)]
    async fn work(at: Position, gate: &Arc<Semaphore>) -> Position {
        if at.partition == 37 && at.offset == 50 {
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
fn one_slow_partition_of_sixty_four_stops_no_other() {
    const TOPIC: &str = "wh-large-slow";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 64);
    broker.fill(TOPIC, 64, 64 * 2_000);
    let group = Group::new(&broker, &[(TOPIC, 64)]);
    let (journal, gate) = (Journal::new(), Arc::new(Semaphore::new(0)));
    let resources = one_slow::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group);
    let member = Member::start(one_slow::pipeline(resources).config(config));
    eventually(s(60), "all others reach their ends", || {
        let committed = group.committed();
        let at_end = committed.values().filter(|offset| **offset == 2_000);
        at_end.count() == 63
    });
    assert_eq!(group.committed_in(37), Some(50));
    let state = member.state();
    let slow = state.partitions.iter().find(|held| held.partition == 37);
    let slow = slow.expect("it is held");
    assert!(slow.paused, "{slow:?}");
    gate.add_permits(1);
    group.wait_until_at_end(s(30));
    member.stop();
    assert_eq!((journal.records(), journal.repeats()), (128_000, 0));
}
