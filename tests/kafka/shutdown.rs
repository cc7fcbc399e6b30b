//! **An orderly end.** SIGTERM: nothing new is taken in, what is under way is finished, all of it is committed, the group
//! is left at once, the exit code is 0. A second signal does not wait. What fails while the pipeline ends is told.
//!
//! The bad days: every deploy, when a member that leaves without a word keeps its partitions until its session has run
//! out; a deploy while a call is about to fail, and an exit code 0 that hides it.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;
use waterhealer::prelude::*;
use waterhealer::{ErrorKind, Phase};

use crate::support::{
    Broker, Child, Group, Journal, Member, Message, Signal, eventually, heavy, ms, s, settings,
};

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

/// The record that fails once the gate is open.
const BAD: i64 = 20;

#[pipeline(group = "from the configuration")]
mod failing_at_last {
    use super::*;

    #[source(topic = "wh-stopped-failing")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 4)]
    async fn work(at: Position, gate: &Arc<Semaphore>) -> Result<Position, String> {
        if at.offset != BAD {
            return Ok(at);
        }
        let _through = gate.acquire().await;
        Err("the shop has closed".to_owned())
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_call_that_fails_while_the_pipeline_ends_is_told() {
    const TOPIC: &str = "wh-stopped-failing";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 100);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let gate = Arc::new(Semaphore::new(0));
    let resources = failing_at_last::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group);
    let member = Member::start(failing_at_last::pipeline(resources).config(config));
    eventually(s(15), "all but one are done", || journal.records() == 99);

    member.handle().stop();
    eventually(s(5), "it waits for the call", || {
        member.state().phase == Phase::Draining
    });
    gate.add_permits(1);
    let error = member
        .join(s(15))
        .expect_err("a record has failed, asked to stop or not");
    let ErrorKind::Halted { stage, position } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(
        (
            *stage,
            &*position.topic,
            position.partition,
            position.offset
        ),
        ("work", TOPIC, 0, BAD)
    );
    assert!(error.to_string().contains("the shop has closed"), "{error}");
    assert_eq!(
        group.committed_in(0),
        Some(BAD),
        "up to it, and not past it"
    );
    assert_eq!(group.members(), 0, "it has left the group");
}
