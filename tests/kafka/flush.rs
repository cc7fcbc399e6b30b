//! **What a sink has buffered is committed after it is flushed.** Killed at any moment, it has written all that is committed.
//!
//! The bad day: `kill -9` with thousands of records in a buffer that the sink has answered for.

use crate::support::{
    Broker, Child, Group, Journal, Random, Signal, Watcher, eventually, heavy, s,
};

const TOPIC: &str = "wh-flush";
const PARTITIONS: i32 = 4;
const RECORDS: usize = 200_000;
const KILLS: usize = 6;
/// What one child writes at most before it is killed: a machine of any speed leaves work for the next.
const PART: u64 = 15_000;

#[test]
fn nothing_that_is_buffered_is_lost_when_the_process_is_killed() {
    let _alone = heavy();
    let mut random = Random::from_seed();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    let watcher = Watcher::start(&group, &journal);
    let start = || {
        let common = ["--brokers", broker.bootstrap(), "--group", group.name()];
        let session = [
            "--kafka",
            "session.timeout.ms=1000",
            "--kafka",
            "heartbeat.interval.ms=300",
        ];
        Child::start(&folder, "buffering", &[&common[..], &session].concat())
    };
    for _ in 0..KILLS {
        let before = journal.records();
        let child = start();
        let goal = before + 1 + random.below(PART) as usize;
        eventually(s(30), "the child works", || journal.records() >= goal);
        child.kill();
    }
    assert!(journal.records() < RECORDS, "nothing was left to do");
    let last = start();
    group.wait_until_at_end(s(60));
    last.signal(Signal::TERM);
    last.wait(s(10)).assert_code(0);
    watcher.finish(KILLS);
    assert_eq!(journal.records(), RECORDS, "every record was written");
    group.assert_at_end();
}
