//! **What is finished is not done again.** Offsets finished above the committed position travel in the metadata of the commit,
//! and the next owner of the partition passes them over.
//!
//! The bad days: a member killed while one slow record holds thousands of finished ones back; metadata that another program
//! has written; more than fits into what a broker takes.

use crate::support::{Broker, Child, Ended, Group, Journal, eventually, ms, s};

const TOPIC: &str = "wh-straggling";

/// The most that a broker takes.
const LIMIT: usize = 4_096;

/// A killed member and the next one, over `records` of which every `straggles`th never finishes the first time.
fn killed_and_started_again(
    records: usize,
    straggles: usize,
    more: &[&str],
) -> (Group, Journal, Ended) {
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, records);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    let arguments = ["--brokers", broker.bootstrap(), "--group", group.name()];
    let arguments = [
        &arguments[..],
        &["--kafka", "session.timeout.ms=6000"],
        more,
    ]
    .concat();
    let every = straggles.to_string();
    let first = Child::start_with(&folder, "straggling", &arguments, &[("STRAGGLES", &every)]);
    let finishes = records - records.div_ceil(straggles);
    eventually(s(60), "all but the stragglers are finished", || {
        journal.records() == finishes
    });
    // And then committed: nothing moves any more, so what is beside the offset stands still.
    let mut last = (group.metadata_in(0), 0);
    eventually(s(30), "the metadata stands still", || {
        let now = group.metadata_in(0);
        last = match now == last.0 {
            true => (now, last.1 + 1),
            false => (now, 0),
        };
        std::thread::sleep(ms(20));
        last.1 == 40
    });
    first.kill();
    assert_eq!(
        group.committed_in(0),
        Some(0),
        "the first record is not finished"
    );
    let again = [&arguments[..], &["--until-end"]].concat();
    let ended = Child::start(&folder, "straggling", &again).wait(s(60));
    ended.assert_code(0);
    group.assert_at_end();
    assert_eq!(
        journal.missing(&(TOPIC.to_owned(), 0), 0, records as i64),
        Vec::<i64>::new()
    );
    (group, journal, ended)
}

#[test]
fn only_what_was_not_finished_is_done_again() {
    let _alone = alone();
    let (_, journal, ended) = killed_and_started_again(5_000, 1_000, &[]);
    assert_eq!(journal.repeats(), 0);
    assert!(ended.out.contains("5 records finished"), "{}", ended.out);
    assert!(ended.out.contains("4995 passed over"), "{}", ended.out);
}

#[test]
fn without_it_all_that_stood_behind_is_done_again() {
    let _alone = alone();
    let folder = Child::folder("wh-no-done-set");
    std::fs::write(folder.join("off.toml"), "done_set = false").expect("it is ours");
    let file = folder.join("off.toml").display().to_string();
    let (_, journal, ended) = killed_and_started_again(2_000, 1_000, &["--config", &file]);
    assert_eq!(journal.repeats(), 1_998);
    assert!(!ended.out.contains("passed over"), "{}", ended.out);
}

#[test]
fn every_second_of_twenty_thousand_fits_what_a_broker_takes() {
    let _alone = alone();
    let (_, journal, ended) = killed_and_started_again(20_000, 2, &[]);
    assert_eq!(journal.repeats(), 0);
    assert!(ended.out.contains("10000 passed over"), "{}", ended.out);
}

#[test]
fn metadata_of_another_program_is_told_and_ignored() {
    let _alone = alone();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 100);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    let long = "x".repeat(LIMIT);
    for foreign in [
        "my own notes",
        "wh1.\"damaged\"",
        "wh9.of the future",
        &long,
    ] {
        let group = Group::new(&broker, &[(TOPIC, 1)]);
        group.commit(0, 40, foreign);
        let before = journal.repeats();
        let arguments = [
            "--brokers",
            broker.bootstrap(),
            "--group",
            group.name(),
            "--until-end",
        ];
        let ended = Child::start(&folder, "straggling", &arguments).wait(s(30));
        ended.assert_code(0);
        ended.assert_says(&["the metadata beside the committed offset is ignored"]);
        assert!(ended.out.contains("60 records finished"), "{}", ended.out);
        group.assert_at_end();
        assert!(
            group.metadata_in(0).starts_with("wh1."),
            "{}",
            group.metadata_in(0)
        );
        assert!(journal.repeats() == before || journal.repeats() == before + 60);
    }
}

/// The tests of this file share a topic.
fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    ONE.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
