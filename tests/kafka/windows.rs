//! **What a window holds is not committed, and nothing past it.** A batch is finished as a whole; the short one at the end
//! goes on when its time is up; a window that waits for more keeps its records, which are read again. Records of partitions
//! that are taken away leave the windows of those that stay, and their next owner reads them.
//!
//! The bad day: the offsets of a half-full window were committed when its records were read, and the process is killed.

use waterhealer::prelude::*;

use crate::support::{
    Broker, Group, Journal, Member, Random, Watcher, eventually, heavy, ms, s, settings,
};

#[pipeline(group = "from the configuration")]
mod batched {
    use super::*;

    #[source(topic = "wh-windows")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read.partition(7, within = "100ms"))]
    fn kept(rows: Batch<Position>) -> Batch<Position> {
        rows
    }

    #[sink(from = kept, concurrency = 4)]
    async fn note(rows: Batch<Position>, journal: &Journal) -> Done {
        tokio::time::sleep(ms(2)).await;
        rows.for_each(|at| journal.note(&at.topic, at.partition, at.offset))
            .done()
    }
}

#[pipeline(group = "from the configuration")]
mod held {
    use super::*;

    #[source(topic = "wh-windows-held")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read.partition(10, hold))]
    fn note(rows: Vec<Position>, journal: &Journal) {
        for at in rows {
            journal.note(&at.topic, at.partition, at.offset);
        }
    }
}

#[pipeline(group = "from the configuration")]
mod sliding {
    use super::*;

    #[source(topic = "wh-windows-sliding")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read.sliding_window(3))]
    fn note(rows: Vec<Position>, journal: &Journal) {
        for at in rows {
            journal.note(&at.topic, at.partition, at.offset);
        }
    }
}

#[pipeline(group = "from the configuration")]
mod at_once {
    use super::*;

    #[source(topic = "wh-windows-source", batch = 64, within = "50ms")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(rows: Batch<Position>, journal: &Journal) -> Done {
        rows.for_each(|at| journal.note(&at.topic, at.partition, at.offset))
            .done()
    }
}

#[test]
fn batches_finish_as_a_whole_and_the_last_short_one_too() {
    const TOPIC: &str = "wh-windows";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 6);
    broker.fill(TOPIC, 6, 10_001);
    let group = Group::new(&broker, &[(TOPIC, 6)]);
    let journal = Journal::new();
    let resources = batched::Resources {
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group).until_end();
    let report = Member::start(batched::pipeline(resources).config(config))
        .join(s(60))
        .expect("it ends in order");
    assert_eq!((journal.records(), journal.repeats()), (10_001, 0));
    assert_eq!(report.finished, 10_001);
    group.assert_at_end();
}

#[test]
fn a_source_that_reads_in_batches_heals_all_of_them() {
    const TOPIC: &str = "wh-windows-source";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 3);
    broker.fill(TOPIC, 3, 1_000);
    let group = Group::new(&broker, &[(TOPIC, 3)]);
    let journal = Journal::new();
    let resources = at_once::Resources {
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group).until_end();
    Member::start(at_once::pipeline(resources).config(config))
        .join(s(60))
        .expect("it ends in order");
    assert_eq!((journal.records(), journal.repeats()), (1_000, 0));
    group.assert_at_end();
}

#[test]
fn a_window_that_waits_for_more_keeps_its_records_for_the_next_start() {
    const TOPIC: &str = "wh-windows-held";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 1_003);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let start = |config: Config| {
        let resources = held::Resources {
            journal: journal.clone(),
        };
        Member::start(held::pipeline(resources).config(config))
    };
    let run = || {
        start(settings(broker.bootstrap(), &group).until_end())
            .join(s(60))
            .expect("it ends in order, with three records held");
    };
    run();
    assert_eq!(journal.records(), 1_000);
    // Whoever looks sees who holds them, and since when.
    let member = start(settings(broker.bootstrap(), &group));
    eventually(s(15), "the three are held", || {
        let operators = member.state().operators;
        let held = operators.first().filter(|window| window.values == 3);
        held.is_some_and(|window| {
            let named = (window.name, window.label) == ("note.partition", "partition(10, hold)");
            named && window.oldest.is_some()
        })
    });
    member.stop();
    assert_eq!(group.committed_in(0), Some(1_000));
    // With seven more the window is full.
    broker.fill(TOPIC, 1, 7);
    run();
    assert_eq!((journal.records(), journal.repeats()), (1_010, 0));
    group.assert_at_end();
}

#[test]
fn a_sliding_window_reads_what_it_holds_again() {
    const TOPIC: &str = "wh-windows-sliding";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 100);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let run = || {
        let resources = sliding::Resources {
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group).until_end();
        Member::start(sliding::pipeline(resources).config(config))
            .join(s(60))
            .expect("it ends in order");
    };
    run();
    assert_eq!(journal.records(), 100);
    assert_eq!(
        group.committed_in(0),
        Some(98),
        "the last two may be needed"
    );
    // The next record meets the two before it: the window of 98, 99 and 100 is there.
    broker.fill(TOPIC, 1, 1);
    let before = journal.times(TOPIC, 0, 98);
    run();
    assert_eq!(journal.records(), 101);
    assert_eq!(journal.times(TOPIC, 0, 98), before + 1);
    assert_eq!(group.committed_in(0), Some(99));
}

#[test]
fn members_come_and_go_while_windows_hold_their_records() {
    const TOPIC: &str = "wh-windows";
    const PARTITIONS: i32 = 6;
    let _alone = heavy();
    let mut random = Random::from_seed();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let start = || {
        let resources = batched::Resources {
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group)
            .kafka("partition.assignment.strategy", "cooperative-sticky");
        Member::start(batched::pipeline(resources).config(config))
    };
    let feed = broker.feed(TOPIC, PARTITIONS);
    let all = usize::try_from(PARTITIONS).expect("not negative");
    let first = start();
    first.wait_until_it_holds(all);
    for _ in 0..4 {
        let second = start();
        second.wait_until_it_holds(all / 2);
        std::thread::sleep(ms(random.below(300)));
        second.stop();
        first.wait_until_it_holds(all);
    }
    let records = feed.stop();
    group.wait_until_at_end(s(60));
    first.stop();
    watcher.finish(4);
    assert_eq!(journal.records(), records, "every record was processed");
    // What a revoked window held is read again: some may come twice, by far not all.
    assert!(
        journal.repeats() < records as u64 / 4,
        "{}",
        journal.repeats()
    );
}
