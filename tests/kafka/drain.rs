//! **A stage that does not come back holds nobody up.** When partitions are to be given up, work under way in them is
//! finished first, but no longer than `drain_timeout`: then the rebalance goes on, the next owner does the record again,
//! and the late answer of the first counts nowhere.
//!
//! The bad days: a hanging call on revoke, and a whole group that waits for it; a late answer from an assignment that is
//! over, and a late error that halts a member for a record that is not its own any more.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use waterhealer::prelude::*;

use crate::support::{
    Broker, Group, Journal, Member, Message, Watcher, eventually, heavy, s, settings,
};

/// Whether the next call on the record that hangs does so.
pub(crate) struct Hangs(Arc<AtomicBool>);

impl Hangs {
    fn once(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }
}

/// How long it hangs: longer than anybody may have to wait for it.
const HANG: Duration = s(6);

#[pipeline(group = "from the configuration", drain_timeout = "1s")]
mod stuck {
    use super::*;

    #[source(topic = "wh-drain")]
    fn read(record: &Record<'_>) -> Result<(Position, String), std::str::Utf8Error> {
        Ok((record.position(), record.text()?.to_owned()))
    }

    #[map(from = read, concurrency = 4)]
    async fn wait((at, text): (Position, String), hangs: &Hangs) -> (Position, String) {
        if text == "wait" && hangs.once() {
            tokio::time::sleep(HANG).await;
        }
        (at, text)
    }

    #[sink(from = wait)]
    fn note((at, text): (Position, String), hangs: &Hangs, journal: &Journal) {
        if text == "block" && hangs.once() {
            std::thread::sleep(HANG);
        }
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// One record of partition 3 hangs at its first owner: it waits, or it blocks the thread that all stages share.
fn a_stage_hangs_on_revoke(strategy: &str, how: &str) {
    const TOPIC: &str = "wh-drain";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 4);
    let value = |offset: i32, partition: i32| match (partition, offset) {
        (3, 20) => Message::new(partition, how),
        _ => Message::new(partition, offset.to_string()),
    };
    broker.produce(
        TOPIC,
        (0..200).flat_map(|n| (0..4).map(move |partition| value(n, partition))),
    );
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let start = |hangs: &Arc<AtomicBool>| {
        let resources = stuck::Resources {
            hangs: Hangs(Arc::clone(hangs)),
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group)
            .kafka("partition.assignment.strategy", strategy)
            .kafka("heartbeat.interval.ms", "300");
        Member::start(stuck::pipeline(resources).config(config))
    };

    let hangs = Arc::new(AtomicBool::new(true));
    let first = start(&hangs);
    eventually(s(15), "the record hangs", || !hangs.load(Ordering::Acquire));
    if how == "wait" {
        eventually(s(2), "the others are done", || journal.records() == 799);
        eventually(s(2), "up to it is committed", || {
            group.committed_in(3) == Some(20)
        });
    }
    let second = start(&Arc::new(AtomicBool::new(false)));
    let joins = Instant::now();
    first.wait_until_it_holds(2);
    second.wait_until_it_holds(2);
    let waited = joins.elapsed();
    assert!(
        waited < s(4),
        "the group waited {waited:?} for a stage that hangs"
    );
    // The late answer of the first comes meanwhile, and counts nowhere.
    std::thread::sleep(HANG.saturating_sub(joins.elapsed()));
    group.wait_until_at_end(s(15));
    // Either may have got partition 3.
    let (owner, other) = if holds(&second, 3) {
        (second, first)
    } else {
        (first, second)
    };
    other.stop();
    owner.wait_until_it_holds(4);
    owner.stop();
    watcher.finish(1);
    group.assert_at_end();
    assert_eq!(journal.records(), 800, "every record was processed");
}

fn holds<E: Send + 'static>(member: &Member<E>, partition: i32) -> bool {
    member
        .state()
        .partitions
        .iter()
        .any(|held| held.partition == partition)
}

#[test]
fn a_stage_that_waits_too_long_does_not_hold_an_eager_group_up() {
    a_stage_hangs_on_revoke("range", "wait");
}

#[test]
fn a_stage_that_waits_too_long_does_not_hold_a_cooperative_group_up() {
    a_stage_hangs_on_revoke("cooperative-sticky", "wait");
}

#[test]
fn a_stage_that_blocks_its_thread_does_not_hold_an_eager_group_up() {
    a_stage_hangs_on_revoke("range", "block");
}

#[test]
fn a_stage_that_blocks_its_thread_does_not_hold_a_cooperative_group_up() {
    a_stage_hangs_on_revoke("cooperative-sticky", "block");
}

/// Calls that hang until the gate is opened, one in each partition; and how they answer then.
#[derive(Default)]
pub(crate) struct Late {
    hang: Mutex<BTreeSet<i32>>,
    fail: Mutex<BTreeSet<i32>>,
    answered: AtomicUsize,
}

#[pipeline(group = "from the configuration", drain_timeout = "1s")]
mod failing_late {
    use super::*;

    #[source(topic = "wh-drain-late")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 8)]
    async fn work(
        at: Position,
        late: &Arc<Late>,
        gate: &Arc<Semaphore>,
    ) -> Result<Position, String> {
        let hangs = at.offset == 20 && late.hang.lock().unwrap().remove(&at.partition);
        if hangs {
            let _through = gate.acquire().await;
            late.answered.fetch_add(1, Ordering::AcqRel);
            if late.fail.lock().unwrap().contains(&at.partition) {
                return Err("it has taken too long".to_owned());
            }
        }
        Ok(at)
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// A record hangs in every partition; in those that were given up it fails after that.
fn a_late_error_counts_nowhere(strategy: &str) {
    const TOPIC: &str = "wh-drain-late";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 4);
    broker.fill(TOPIC, 4, 800);
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let gate = Arc::new(Semaphore::new(0));
    let start = |late: &Arc<Late>| {
        let resources = failing_late::Resources {
            late: Arc::clone(late),
            gate: Arc::clone(&gate),
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group)
            .kafka("partition.assignment.strategy", strategy)
            .kafka("heartbeat.interval.ms", "300");
        Member::start(failing_late::pipeline(resources).config(config))
    };

    let late = Arc::new(Late::default());
    late.hang.lock().unwrap().extend(0..4);
    let first = start(&late);
    eventually(s(15), "all but the four are done", || {
        journal.records() == 796
    });
    let second = start(&Arc::default());
    second.wait_until_it_holds(2);
    first.wait_until_it_holds(2);
    // Under the eager protocol all were given up, those that have come back among them.
    let given_up = (0..4).filter(|partition| strategy == "range" || !holds(&first, *partition));
    late.fail.lock().unwrap().extend(given_up);
    gate.add_permits(4);
    eventually(s(5), "the late answers are there", || {
        late.answered.load(Ordering::Acquire) == 4
    });

    // Both go on: what is new is read, too.
    broker.fill(TOPIC, 4, 800);
    group.wait_until_at_end(s(15));
    assert_eq!((first.holds(), second.holds()), (2, 2), "nobody has halted");
    first.stop();
    second.stop();
    watcher.finish(1);
    group.assert_at_end();
    assert_eq!(journal.records(), 1_600, "every record was processed");
    for partition in 0..4 {
        assert_eq!(
            journal.times(TOPIC, partition, 20),
            1,
            "the record that hung in partition {partition}"
        );
    }
}

#[test]
fn an_error_after_the_partition_was_given_up_halts_nobody_in_an_eager_group() {
    a_late_error_counts_nowhere("range");
}

#[test]
fn an_error_after_the_partition_was_given_up_halts_nobody_in_a_cooperative_group() {
    a_late_error_counts_nowhere("cooperative-sticky");
}
