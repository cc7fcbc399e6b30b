//! **A group that runs to the end of what there is ends when all of it is done.** A member that has no partitions because
//! they are being dealt out again has not read everything: it waits for what it gets.
//!
//! The bad day: a nightly job of several members. One joins later, another is slow to give its partitions up, and the
//! rest end with code 0 in between, with most of the night's records unread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Semaphore;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, Watcher, eventually, heavy, ms, s, settings};

const PARTITIONS: i32 = 6;
const RECORDS: usize = 9_000;

/// How the calls of all members go.
pub(crate) struct Pace {
    /// Milliseconds for each record.
    each: AtomicU64,
    /// Whoever hangs does so until this is opened.
    gate: Semaphore,
}

#[pipeline(group = "from the configuration", drain_timeout = "2s")]
mod nightly {
    use super::*;

    #[source(topic = "wh-until-end")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 1)]
    async fn work(at: Position, pace: &Arc<Pace>, hangs: &Arc<AtomicBool>) -> Position {
        if hangs.swap(false, Ordering::AcqRel) {
            let _through = pace.gate.acquire().await;
        }
        let each = pace.each.load(Ordering::Acquire);
        if each > 0 {
            tokio::time::sleep(ms(each)).await;
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn members_that_join_an_eager_group_end_when_all_is_done() {
    const TOPIC: &str = "wh-until-end";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let pace = Arc::new(Pace {
        each: AtomicU64::new(10),
        gate: Semaphore::new(0),
    });
    let start = |hangs: &Arc<AtomicBool>| {
        let resources = nightly::Resources {
            pace: Arc::clone(&pace),
            hangs: Arc::clone(hangs),
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group)
            .kafka("partition.assignment.strategy", "range")
            .kafka("heartbeat.interval.ms", "300")
            .until_end();
        Member::start(nightly::pipeline(resources).config(config))
    };

    let first = start(&Arc::default());
    eventually(s(15), "the first works", || journal.records() > 20);
    let hangs = Arc::new(AtomicBool::new(true));
    let second = start(&hangs);
    second.wait_until_it_holds(3);
    first.wait_until_it_holds(3);
    eventually(s(15), "the second hangs", || !hangs.load(Ordering::Acquire));
    // It gives its partitions up late: for two seconds the first has given up its own and has no others yet.
    let third = start(&Arc::default());
    third.wait_until_it_holds(2);
    second.wait_until_it_holds(2);
    first.wait_until_it_holds(2);
    let done = journal.records();
    assert!(done < RECORDS / 2, "{done} were done before all had joined");

    pace.gate.add_permits(1);
    pace.each.store(0, Ordering::Release);
    // Whoever ends sets the others to dealing out again.
    let finished: u64 = [first, second, third]
        .into_iter()
        .map(|member| member.join(s(60)).expect("it ends in order").finished)
        .sum();
    assert_eq!(journal.records(), RECORDS, "every record was processed");
    group.assert_at_end();
    watcher.finish(3);
    assert!(finished >= RECORDS as u64, "{finished} of {RECORDS}");
}
