//! **An orderly end.** SIGTERM: nothing new is taken in, what is under way is finished, all of it is committed, the group
//! is left at once, the exit code is 0. A second signal does not wait.
//!
//! The bad day: every deploy. A member that leaves without a word keeps its partitions until its session has run out.

use std::time::Instant;

use crate::support::{Broker, Child, Group, Journal, Message, Signal, eventually, heavy, ms, s};

#[test]
fn a_signal_under_load_ends_with_everything_processed_committed() {
    const TOPIC: &str = "wh-stopped";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 4);
    broker.fill(TOPIC, 4, 40_000);
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    // A session longer than this test may take: whoever comes after a silent end would wait for it.
    let session = "session.timeout.ms=45000";
    let arguments = [
        "--brokers",
        broker.bootstrap(),
        "--group",
        group.name(),
        "--kafka",
        session,
    ];

    for (time, signal) in [Signal::TERM, Signal::INT].into_iter().enumerate() {
        let before = journal.records();
        let started = Instant::now();
        let child = Child::start(&folder, "stopped", &arguments);
        eventually(s(15), "the child works", || {
            journal.records() > before + 1_000
        });
        assert!(
            started.elapsed() < s(10),
            "run {time}: it waited for the member before it"
        );
        child.signal(signal);
        child.wait(s(10)).assert_code(0);
        let records = journal.records();
        assert!(records < 40_000, "the signal came after the load");
        assert_eq!(
            group.committed(),
            journal.finished(),
            "run {time}: committed is what was processed"
        );
        let committed: i64 = group.committed().values().sum();
        assert_eq!(
            usize::try_from(committed),
            Ok(records),
            "run {time}: nothing is processed and not committed"
        );
        assert_eq!(journal.repeats(), 0, "run {time}");
        assert_eq!(group.members(), 0, "run {time}: it has left the group");
    }
}

#[test]
fn a_second_signal_ends_at_once_while_a_stage_hangs() {
    const TOPIC: &str = "wh-hanging";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.produce(
        TOPIC,
        ["one", "two", "hang", "four"].map(|value| Message::new(0, value)),
    );
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    let arguments = ["--brokers", broker.bootstrap(), "--group", group.name()];
    let mut child = Child::start(&folder, "hanging", &arguments);
    eventually(s(15), "the stage hangs", || journal.records() == 2);
    child.signal(Signal::TERM);
    std::thread::sleep(ms(1_500));
    assert!(
        child.is_running(),
        "the first signal waits for the stage: {}",
        child.said("err")
    );
    child.signal(Signal::TERM);
    child.wait(s(2)).assert_code(130);
    assert!(
        group.committed_in(0).unwrap_or(0) <= 2,
        "the hanging record is not committed"
    );
}
