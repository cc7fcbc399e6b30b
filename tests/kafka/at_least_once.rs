//! **At least once.** However a process ends, each record is processed at least once, and no committed offset ever
//! passes a record that is not processed.
//!
//! The bad day: `kill -9` at full speed, again and again, with work under way that finishes out of order.

use crate::support::{
    Broker, Child, Group, Journal, Random, Signal, Watcher, eventually, heavy, ms, s,
};

const TOPIC: &str = "wh-killed";
const PARTITIONS: i32 = 6;
const RECORDS: usize = 50_000;
const KILLS: usize = 20;

#[test]
fn nothing_is_lost_when_a_process_is_killed_twenty_times() {
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
        // A dead member is missed after a second.
        let session = [
            "--kafka",
            "session.timeout.ms=1000",
            "--kafka",
            "heartbeat.interval.ms=300",
        ];
        Child::start(&folder, "killed", &[&common[..], &session].concat())
    };

    let mut under_load = 0;
    for kill in 0..KILLS {
        let before = journal.records();
        let child = start();
        // Every fourth is killed at any moment since its start, joining included; the others while they work.
        if kill % 4 == 3 {
            std::thread::sleep(ms(random.below(1_500)));
        } else {
            eventually(s(15), "the child works", || journal.records() > before);
            std::thread::sleep(ms(random.below(700)));
        }
        child.kill();
        under_load += usize::from(journal.records() > before);
    }
    let left = RECORDS - journal.records();
    assert!(
        left > 0,
        "the last child was killed with nothing left to do"
    );
    assert!(
        under_load >= KILLS * 3 / 4,
        "only {under_load} were killed at work"
    );

    // A member that was killed while it joined keeps partitions until it is missed, so this waits for all of them.
    let last = start();
    group.wait_until_at_end(s(60));
    last.signal(Signal::TERM);
    last.wait(s(10)).assert_code(0);
    watcher.finish(KILLS);
    assert_eq!(journal.records(), RECORDS, "every record was processed");
    assert!(
        journal.repeats() > 0,
        "no kill hit work under way, so nothing was shown"
    );
    group.assert_at_end();
    eprintln!(
        "{left} records were left after {KILLS} kills; {} were processed again",
        journal.repeats()
    );
}
