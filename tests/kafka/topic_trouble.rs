//! **No record is skipped in silence.** What is committed is held against the log and against the topic: what retention has
//! removed, what was truncated, and a topic that was deleted and created again under the same name are told, and go by a policy.
//!
//! The bad days: a group that was away longer than its records were kept; a topic made anew, of which the first records are
//! passed over because the old one was read that far.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use waterhealer::prelude::*;
use waterhealer::{Config, Error, Report};

use crate::support::{Broker, Group, Journal, Member, eventually, ms, s, settings};

/// A pipeline over the topic of a test: its records wait until the gate is open.
macro_rules! pipeline {
    ($name:ident, $topic:literal) => {
        #[pipeline(group = "from the configuration")]
        mod $name {
            use super::*;

            #[source(topic = $topic)]
            fn read(record: &Record<'_>) -> Position {
                record.position()
            }

            #[map(from = read, concurrency = 10_000)]
            async fn wait(at: Position, gate: &Arc<AtomicBool>) -> Position {
                while !gate.load(Ordering::Acquire) {
                    tokio::time::sleep(ms(5)).await;
                }
                at
            }

            #[sink(from = wait)]
            fn note(at: Position, journal: &Journal) {
                journal.note(&at.topic, at.partition, at.offset);
            }
        }
    };
}

pipeline!(kept, "wh-retention-away");
pipeline!(running, "wh-retention-running");
pipeline!(made_anew, "wh-recreated-away");
pipeline!(made_anew_running, "wh-recreated-running");
pipeline!(gone_at_rest, "wh-deleted-at-rest");
pipeline!(gone_at_work, "wh-deleted-at-work");
pipeline!(gone_shared, "wh-deleted-shared");
pipeline!(cut_off, "wh-truncated");

fn open() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(true))
}

/// Runs a pipeline of this file to its end.
macro_rules! run {
    ($name:ident, $journal:expr, $config:expr) => {{
        let pipeline = $name::pipeline($name::Resources {
            gate: open(),
            journal: $journal.clone(),
        });
        let config: Config = $config;
        let ended: Result<Report, Error> =
            Member::start(pipeline.config(config.until_end())).join(s(40));
        ended
    }};
}

#[track_caller]
fn assert_says(ended: &Result<Report, Error>, words: &[&str]) {
    let error = ended.as_ref().expect_err("it does not go on").to_string();
    for word in words {
        assert!(error.contains(word), "no `{word}` in: {error}");
    }
}

#[test]
fn records_that_retention_has_removed_are_counted_and_told() {
    const TOPIC: &str = "wh-retention-away";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 1_000);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    group.commit(0, 100, "");
    broker.remove_before(TOPIC, 350);
    let journal = Journal::new();
    let config = || settings(broker.bootstrap(), &group);
    let ended = run!(kept, journal, config());
    assert_says(
        &ended,
        &[
            "wh-retention-away[0]: 250 records are lost",
            "100 is the next",
            "the log begins at 350",
            "offsets reset",
            "on_offset_out_of_range",
        ],
    );
    assert_eq!((journal.records(), group.committed_in(0)), (0, Some(100)));
    let ended = run!(
        kept,
        journal,
        config().set("on_offset_out_of_range", "earliest")
    );
    assert_eq!(ended.expect("it goes on").finished, 650);
    group.assert_at_end();
    // A group that has not committed anything begins where it is told to, without a word.
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let ended = run!(kept, Journal::new(), settings(broker.bootstrap(), &group));
    assert_eq!(ended.expect("it begins").finished, 650);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let latest = settings(broker.bootstrap(), &group).kafka("auto.offset.reset", "latest");
    let ended = run!(kept, Journal::new(), latest);
    assert_eq!(ended.expect("it begins").finished, 0);
    let error = settings(broker.bootstrap(), &group).kafka("auto.offset.reset", "error");
    let ended = run!(kept, Journal::new(), error);
    assert_says(&ended, &["no offset is committed", "auto.offset.reset"]);
}

/// Records are removed while the pipeline holds the partition back; then it goes on.
fn removed_while_running(policy: &str, strategy: &str) -> (Result<Report, Error>, Journal, Group) {
    const TOPIC: &str = "wh-retention-running";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 60_000);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let (gate, journal) = (Arc::new(AtomicBool::new(false)), Journal::new());
    let config = settings(broker.bootstrap(), &group)
        .set("max_in_flight", "100")
        .kafka("fetch.message.max.bytes", "10000")
        .kafka("partition.assignment.strategy", strategy)
        .set("on_offset_out_of_range", policy)
        .until_end();
    let pipeline = running::pipeline(running::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    });
    let member = Member::start(pipeline.config(config));
    eventually(s(20), "it holds the partition back", || {
        member
            .state()
            .partitions
            .iter()
            .any(|partition| partition.paused)
    });
    broker.remove_before(TOPIC, 55_000);
    gate.store(true, Ordering::Release);
    (member.join(s(40)), journal, group)
}

#[test]
fn records_removed_under_a_running_pipeline_are_told_and_go_by_their_policy() {
    let (ended, journal, group) = removed_while_running("halt", "range");
    assert_says(&ended, &["records are lost", "the log begins at 55000"]);
    let read = journal.records() as i64;
    assert!(read < 55_000, "{read}");
    assert_eq!(
        group.committed_in(0),
        Some(read),
        "what was read is committed, and no more"
    );

    for strategy in ["range", "cooperative-sticky"] {
        let (ended, journal, group) = removed_while_running("earliest", strategy);
        let report = ended.expect("it goes on");
        let place = ("wh-retention-running".to_owned(), 0);
        assert_eq!(journal.missing(&place, 55_000, 60_000), Vec::<i64>::new());
        let finished = report.finished as usize;
        assert_eq!((finished, journal.repeats()), (journal.records(), 0));
        group.assert_at_end();
    }
}

#[test]
fn a_log_that_ends_before_the_committed_offset_is_told() {
    const TOPIC: &str = "wh-truncated";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 100);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    group.commit(0, 500, "");
    let journal = Journal::new();
    let ended = run!(cut_off, journal, settings(broker.bootstrap(), &group));
    assert_says(&ended, &["500 is the next", "the log ends at 100"]);
    let earliest = settings(broker.bootstrap(), &group).set("on_offset_out_of_range", "earliest");
    assert_eq!(
        run!(cut_off, journal, earliest)
            .expect("it goes on")
            .finished,
        100
    );
    group.assert_at_end();
}

#[test]
fn a_topic_created_again_is_not_read_from_where_the_old_one_was() {
    const TOPIC: &str = "wh-recreated-away";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 200);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let config = || settings(broker.bootstrap(), &group);
    assert_eq!(
        run!(made_anew, journal, config())
            .expect("it ends")
            .finished,
        200
    );
    let metadata = group.metadata_in(0);
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 300);
    // Brokers forget the offsets of a topic that is deleted; a member that was slow to notice commits them again.
    group.commit(0, 200, &metadata);
    let journal = Journal::new();
    let ended = run!(made_anew, journal, config());
    assert_says(
        &ended,
        &[
            "deleted and created again",
            "would skip the first 200 records",
            "offsets reset",
            "on_topic_recreated",
        ],
    );
    assert_eq!((journal.records(), group.committed_in(0)), (0, Some(200)));
    let ended = run!(
        made_anew,
        journal,
        config().set("on_topic_recreated", "earliest")
    );
    assert_eq!(ended.expect("it goes on").finished, 300);
    group.assert_at_end();
}

/// The topic is deleted and created again, with more records than before, while a member reads it.
fn recreated_while_running(policy: &str) -> (Result<Report, Error>, Journal) {
    const TOPIC: &str = "wh-recreated-running";
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = ONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 500);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let config = settings(broker.bootstrap(), &group).set("on_topic_recreated", policy);
    let pipeline = made_anew_running::pipeline(made_anew_running::Resources {
        gate: open(),
        journal: journal.clone(),
    });
    let member = Member::start(pipeline.config(config));
    eventually(s(20), "all is committed", || {
        group.committed_in(0) == Some(500)
    });
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 2_000);
    if policy == "earliest" {
        eventually(
            s(60),
            "it has ended, or read the new topic to its end",
            || member.state().phase == waterhealer::Phase::Stopped || journal.records() == 2_000,
        );
        member.handle().stop();
    }
    (member.join(s(60)), journal)
}

#[test]
fn a_topic_created_again_under_a_running_pipeline_ends_it_with_the_reason() {
    let (ended, journal) = recreated_while_running("halt");
    let error = ended.expect_err("it does not go on").to_string();
    // Whichever is seen first.
    let told = ["deleted and created again", "If the topic was deleted"];
    assert!(told.iter().any(|told| error.contains(told)), "{error}");
    assert_eq!(journal.repeats(), 0, "nothing of the new topic was read");
    assert_eq!(journal.records(), 500, "nothing of the new topic was read");
}

#[test]
fn a_topic_created_again_under_a_running_pipeline_is_read_from_its_beginning_if_so_told() {
    let (ended, journal) = recreated_while_running("earliest");
    match ended {
        // The deletion was seen before there was a new topic.
        Err(error) => assert!(
            error.to_string().contains("If the topic was deleted"),
            "{error}"
        ),
        Ok(_) => {
            assert_eq!(journal.records(), 2_000);
            assert_eq!(journal.repeats(), 500, "offsets that both topics have");
        }
    }
}

/// The topic is deleted for good while a member reads it, under this assignment strategy or protocol.
macro_rules! deleted_while_running {
    ($name:ident, $topic:literal, $gate:expr, $kafka:expr) => {{
        let broker = Broker::shared();
        broker.fresh_topic($topic, 2);
        broker.fill($topic, 2, 500);
        let group = Group::new(&broker, &[($topic, 2)]);
        let (gate, journal): (Arc<AtomicBool>, _) = ($gate, Journal::new());
        let (name, value) = $kafka;
        let config = settings(broker.bootstrap(), &group)
            .set("drain_timeout", "1s")
            .kafka(name, value);
        let pipeline = $name::pipeline($name::Resources {
            gate: Arc::clone(&gate),
            journal: journal.clone(),
        });
        let member = Member::start(pipeline.config(config));
        let works = !gate.load(Ordering::Acquire);
        eventually(s(20), "everything is taken, and done if it may be", || {
            let partitions = member.state().partitions;
            let taken: u64 = partitions.iter().map(|one| one.in_flight).sum();
            match works {
                true => taken == 500,
                false => [0, 1].map(|part| group.committed_in(part)) == [Some(250); 2],
            }
        });
        broker.delete_topic($topic);
        let ended = member.join(s(60));
        gate.store(true, Ordering::Release);
        assert_says(
            &ended,
            &[
                $topic,
                "If the topic was deleted",
                "take it out of the pipeline",
            ],
        );
        assert_eq!(journal.repeats(), 0);
        assert_eq!(journal.records(), if works { 0 } else { 500 });
    }};
}

#[test]
fn a_topic_deleted_for_good_under_a_pipeline_that_has_read_it_ends_it_with_the_reason() {
    let strategy = ("partition.assignment.strategy", "range");
    deleted_while_running!(gone_at_rest, "wh-deleted-at-rest", open(), strategy);
}

#[test]
fn a_topic_deleted_for_good_under_work_in_flight_ends_it_with_the_reason() {
    let strategy = ("partition.assignment.strategy", "cooperative-sticky");
    let closed = Arc::new(AtomicBool::new(false));
    deleted_while_running!(gone_at_work, "wh-deleted-at-work", closed, strategy);
}

#[test]
fn a_topic_deleted_for_good_under_the_new_protocol_ends_it_with_the_reason() {
    let protocol = ("group.protocol", "consumer");
    deleted_while_running!(gone_shared, "wh-deleted-shared", open(), protocol);
}
