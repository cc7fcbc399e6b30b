//! **Halt and resume.** A record that fails stops the pipeline; everything finished before it is committed, it and what
//! follows is not, and the next start comes back to it. Nothing is skipped unless the stage says so, and a panic never is.
//!
//! The bad day: a poison record, a deploy with a mistake in it, and the restart that would sail past.

use waterhealer::ErrorKind;
use waterhealer::prelude::*;

use crate::support::{
    Broker, Child, Ended, Group, Journal, Member, Message, Watcher, ms, s, settings,
};

/// Partition 1 has its bad record at offset 300; the others have none.
const BAD: i64 = 300;

fn with_a_bad_one(broker: &Broker, topic: &str, bad: &str) {
    broker.fresh_topic(topic, 3);
    let value = |partition: i32, offset: i64| {
        let is_bad = (partition, offset) == (1, BAD);
        let text = if is_bad {
            bad.to_owned()
        } else {
            offset.to_string()
        };
        Message::new(partition, text)
    };
    let all = (0..600).flat_map(|offset| (0..3).map(move |partition| value(partition, offset)));
    broker.produce(topic, all);
}

#[test]
fn a_program_halts_at_the_same_record_until_the_mistake_is_mended() {
    const TOPIC: &str = "wh-halting";
    let broker = Broker::shared();
    with_a_bad_one(&broker, TOPIC, "777");
    let group = Group::new(&broker, &[(TOPIC, 3)]);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    let watcher = Watcher::start(&group, &journal);
    let run = |env: &[(&str, &str)]| -> Ended {
        let arguments = [
            "--brokers",
            broker.bootstrap(),
            "--group",
            group.name(),
            "--until-end",
        ];
        Child::start_with(&folder, "halting", &arguments, env).wait(s(30))
    };

    for time in 1..=2 {
        let halted = run(&[]);
        halted.assert_code(1);
        halted.assert_says(&["count", "wh-halting[1]@300", "there are no 777 in stock"]);
        assert_eq!(
            group.committed_in(1),
            Some(BAD),
            "run {time}: just before the bad record"
        );
        // In each partition exactly what was finished, no more and no less.
        assert_eq!(group.committed(), journal.finished(), "run {time}");
        assert_eq!(journal.times(TOPIC, 1, BAD), 0, "run {time}: not processed");
        assert_eq!(
            journal.repeats(),
            0,
            "run {time}: what was committed is not done again"
        );
    }

    run(&[("MENDED", "1")]).assert_code(0);
    watcher.finish(3);
    assert_eq!(
        (journal.records(), journal.repeats()),
        (1_800, 0),
        "each record once"
    );
    group.assert_at_end();
}

#[pipeline(group = "from the configuration")]
mod out_of_order {
    use super::*;

    #[source(topic = "wh-halt-async")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 32)]
    async fn check(at: Position) -> Result<Position, String> {
        // The bad one fails long after many that came later are finished.
        let bad = (at.partition, at.offset) == (1, BAD);
        tokio::time::sleep(ms(if bad {
            500
        } else {
            at.offset.unsigned_abs() % 5
        }))
        .await;
        if bad { Err("bad".to_owned()) } else { Ok(at) }
    }

    #[sink(from = check)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn what_finished_past_a_failing_record_is_not_committed() {
    const TOPIC: &str = "wh-halt-async";
    let broker = Broker::shared();
    with_a_bad_one(&broker, TOPIC, "bad");
    let group = Group::new(&broker, &[(TOPIC, 3)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    for _ in 0..2 {
        let resources = out_of_order::Resources {
            journal: journal.clone(),
        };
        let pipeline =
            out_of_order::pipeline(resources).config(settings(broker.bootstrap(), &group));
        let error = Member::start(pipeline)
            .join(s(30))
            .expect_err("a record fails");
        let ErrorKind::Halted { stage, position } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(
            (*stage, position.partition, position.offset),
            ("check", 1, BAD)
        );
        assert_eq!(group.committed_in(1), Some(BAD));
        assert!(
            journal.times(TOPIC, 1, BAD + 1) > 0,
            "a later one was finished before it failed"
        );
    }
    watcher.finish(1);
}

#[pipeline(group = "from the configuration")]
mod skipping {
    use super::*;

    #[source(topic = "wh-halt-skip", on_error = skip)]
    fn read(
        record: &Record<'_>,
    ) -> Result<(Position, u64), Box<dyn std::error::Error + Send + Sync>> {
        Ok((record.position(), record.text()?.parse()?))
    }

    #[map(from = read, on_error = skip)]
    fn odd(number: (Position, u64)) -> Result<Position, String> {
        if number.1 == 100 {
            Err("a hundred".to_owned())
        } else {
            Ok(number.0)
        }
    }

    #[sink(from = odd)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_stage_that_skips_goes_on_and_its_records_count_as_finished() {
    const TOPIC: &str = "wh-halt-skip";
    let broker = Broker::shared();
    with_a_bad_one(&broker, TOPIC, "no number");
    let group = Group::new(&broker, &[(TOPIC, 3)]);
    let journal = Journal::new();
    let pipeline = skipping::pipeline(skipping::Resources {
        journal: journal.clone(),
    })
    .config(settings(broker.bootstrap(), &group).until_end());
    let report = Member::start(pipeline)
        .join(s(30))
        .expect("it ends in order");
    // One that does not decode, and the hundredth of each partition.
    assert_eq!(report.skipped, 4);
    assert_eq!(
        (journal.records(), journal.times(TOPIC, 1, BAD)),
        (1_796, 0)
    );
    group.assert_at_end();
}

#[pipeline(group = "from the configuration")]
mod panicking {
    use super::*;

    #[source(topic = "wh-halt-panic")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, on_error = skip)]
    fn check(at: Position) -> Result<Position, String> {
        assert!(
            (at.partition, at.offset) != (1, BAD),
            "a stage may not panic"
        );
        Ok(at)
    }

    #[sink(from = check)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_panic_halts_under_any_policy() {
    const TOPIC: &str = "wh-halt-panic";
    let broker = Broker::shared();
    with_a_bad_one(&broker, TOPIC, "bad");
    let group = Group::new(&broker, &[(TOPIC, 3)]);
    let journal = Journal::new();
    let pipeline = panicking::pipeline(panicking::Resources {
        journal: journal.clone(),
    })
    .config(settings(broker.bootstrap(), &group).until_end());
    let error = Member::start(pipeline)
        .join(s(30))
        .expect_err("a stage panics");
    assert!(
        error.to_string().contains("a stage may not panic"),
        "{error}"
    );
    assert_eq!(group.committed_in(1), Some(BAD));
    assert_eq!(group.committed(), journal.finished());
}

#[pipeline(group = "from the configuration")]
mod decoding {
    use super::*;

    #[source(topic = "wh-halt-decode")]
    fn read(
        record: &Record<'_>,
    ) -> Result<(Position, u64), Box<dyn std::error::Error + Send + Sync>> {
        Ok((record.position(), record.text()?.parse()?))
    }

    #[sink(from = read)]
    fn note(number: &(Position, u64), journal: &Journal) {
        journal.note(&number.0.topic, number.0.partition, number.0.offset);
    }
}

#[test]
fn a_record_that_does_not_decode_halts_at_its_source() {
    const TOPIC: &str = "wh-halt-decode";
    let broker = Broker::shared();
    with_a_bad_one(&broker, TOPIC, "no number");
    let group = Group::new(&broker, &[(TOPIC, 3)]);
    let journal = Journal::new();
    let pipeline = decoding::pipeline(decoding::Resources {
        journal: journal.clone(),
    })
    .config(settings(broker.bootstrap(), &group).until_end());
    let error = Member::start(pipeline)
        .join(s(30))
        .expect_err("a record does not decode");
    let ErrorKind::Halted { stage, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(*stage, "read");
    assert_eq!(group.committed_in(1), Some(BAD));
    assert_eq!(group.committed(), journal.finished());
}
