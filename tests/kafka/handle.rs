//! **A pipeline in an application of one's own.** Its handle sends values in, pauses, resumes, stops and looks; it can run
//! until something else ends; several run side by side in one process. What is told of it is true.
//!
//! The bad day: an application that cannot end its pipeline in order, or believes that it is further than it is.

use waterhealer::prelude::*;
use waterhealer::{EmitError, Phase};

use crate::support::{Broker, Group, Journal, Member, eventually, ms, s, settings};

#[pipeline(group = "from the configuration")]
mod both {
    use super::*;

    #[source(topic = "wh-handle")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[source(emit)]
    fn by_hand(number: i64) -> i64 {
        number
    }

    #[map(from = read.union(by_hand), concurrency = 4)]
    async fn check(number: i64) -> Result<i64, String> {
        tokio::time::sleep(ms(1)).await;
        if number == -13 {
            Err("not thirteen".to_owned())
        } else {
            Ok(number)
        }
    }

    #[sink(from = check)]
    fn note(number: i64, journal: &Journal) {
        let source = if number < 0 { "by hand" } else { "wh-handle" };
        journal.note(source, 0, number.abs());
    }
}

#[test]
fn values_by_hand_and_records_go_through_the_same_stages() {
    const TOPIC: &str = "wh-handle";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 1_000);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let resources = both::Resources {
        journal: journal.clone(),
    };
    let member =
        Member::start(both::pipeline(resources).config(settings(broker.bootstrap(), &group)));
    let handle = member.handle().clone();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");

    runtime
        .block_on(handle.emit(-7))
        .expect("it reaches the sink");
    assert_eq!(
        journal.times("by hand", 0, 7),
        1,
        "it has reached the sink when `emit` comes back"
    );
    group.wait_until_at_end(s(15));

    // Nothing new while it is paused, and what was written meanwhile after it.
    handle.pause();
    eventually(s(5), "it is paused", || {
        handle.state().phase == Phase::Paused
    });
    broker.fill(TOPIC, 1, 500);
    std::thread::sleep(ms(700));
    assert_eq!(
        journal.records(),
        1_001,
        "a paused pipeline takes nothing in"
    );
    handle.resume();
    group.wait_until_at_end(s(15));
    let state = handle.state();
    assert_eq!(
        (state.phase, state.finished, state.failed),
        (Phase::Running, 1_501, 0)
    );
    let held = &state.partitions[0];
    assert_eq!(
        (held.position, held.in_flight, held.paused),
        (Some(1_500), 0, false)
    );
    assert!(
        held.committed <= group.committed_in(0),
        "the state says no more than the broker says"
    );
    eventually(s(2), "and soon the same", || {
        handle.state().partitions[0].committed == Some(1_500)
    });

    let failed = runtime.block_on(handle.emit(-13));
    assert!(
        matches!(&failed, Err(EmitError::Failed(why)) if why.contains("not thirteen")),
        "{failed:?}"
    );
    let error = member
        .join(s(15))
        .expect_err("a value that fails halts the pipeline");
    assert!(error.to_string().contains("not thirteen"), "{error}");
    assert_eq!(handle.state().phase, Phase::Stopped);
    assert_eq!(runtime.block_on(handle.emit(-8)), Err(EmitError::Stopped));
    group.assert_at_end();
}

#[pipeline(group = "from the configuration")]
mod one {
    use super::*;

    #[source(topic = "wh-handle-one")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    async fn note(at: Position, journal: &Journal) {
        tokio::time::sleep(ms(1)).await;
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[pipeline(group = "from the configuration")]
mod other {
    use super::*;

    #[source(topic = "wh-handle-other")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn two_pipelines_run_side_by_side_until_something_else_ends() {
    let broker = Broker::shared();
    broker.fresh_topic("wh-handle-one", 2);
    broker.fresh_topic("wh-handle-other", 2);
    broker.fill("wh-handle-one", 2, 20_000);
    broker.fill("wh-handle-other", 2, 2_000);
    let groups =
        ["wh-handle-one", "wh-handle-other"].map(|topic| Group::new(&broker, &[(topic, 2)]));
    let journals = [Journal::new(), Journal::new()];
    let first = one::pipeline(one::Resources {
        journal: journals[0].clone(),
    })
    .config(settings(broker.bootstrap(), &groups[0]));
    let second = other::pipeline(other::Resources {
        journal: journals[1].clone(),
    })
    .config(settings(broker.bootstrap(), &groups[1]).until_end());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let end = journals[0].clone();
    let both = async {
        // The first has far more to do than it gets the time for.
        let some = async {
            while end.records() < 500 {
                tokio::time::sleep(ms(5)).await;
            }
        };
        tokio::join!(first.run_until(some), second.run())
    };
    let within = runtime.block_on(async { tokio::time::timeout(s(30), both).await });
    let (first, second) = within.expect("both end");
    let (first, second) = (
        first.expect("it ends in order"),
        second.expect("it ends in order"),
    );
    assert!((500..20_000).contains(&first.finished), "{first:?}");
    assert_eq!(second.finished, 2_000);
    assert_eq!(
        groups[0].committed(),
        journals[0].finished(),
        "what it did is committed"
    );
    assert_eq!(journals[0].records() as u64, first.finished);
    groups[1].assert_at_end();
}

#[pipeline(group = "from the configuration")]
mod left {
    use super::*;

    #[source(topic = "wh-handle-left")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    async fn note(at: Position, journal: &Journal) {
        tokio::time::sleep(ms(1)).await;
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_run_that_nobody_waits_for_any_more_ends_in_order_by_itself() {
    let broker = Broker::shared();
    broker.fresh_topic("wh-handle-left", 2);
    broker.fill("wh-handle-left", 2, 20_000);
    let group = Group::new(&broker, &[("wh-handle-left", 2)]);
    let journal = Journal::new();
    let pipeline = left::pipeline(left::Resources {
        journal: journal.clone(),
    })
    .config(settings(broker.bootstrap(), &group));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let run = tokio::time::timeout(s(30), pipeline.run());
        tokio::select! {
            biased;
            _ended = run => panic!("it has no reason to end"),
            () = async { while journal.records() < 500 { tokio::time::sleep(ms(5)).await } } => {}
        }
    });
    eventually(s(10), "it has left the group", || group.members() == 0);
    assert_eq!(
        group.committed(),
        journal.finished(),
        "what it did is committed"
    );
}
