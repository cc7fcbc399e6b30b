//! **Whatever a topic holds, the group reaches its end.** Two topics in one pipeline, many partitions, none of them used,
//! tombstones and empty values, offsets that are missing because transactions left their markers or were aborted.
//!
//! The bad days: lag that never gets to 0, a pipeline that spins on nothing, one that waits for an offset that will never
//! come.

use std::time::Duration;

use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use waterhealer::prelude::*;

use crate::support::{
    Broker, Child, Group, Journal, Member, Message, Watcher, cpu_time, eventually, s, settings,
};

#[pipeline(group = "from the configuration")]
mod two {
    use super::*;

    #[source(topic = "wh-topics-left")]
    fn left(record: &Record<'_>) -> Position {
        record.position()
    }

    #[source(topic = "wh-topics-right")]
    fn right(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = left.union(right))]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn two_topics_of_one_pipeline_are_both_read_to_their_ends() {
    let broker = Broker::shared();
    broker.fresh_topic("wh-topics-left", 3);
    broker.fresh_topic("wh-topics-right", 2);
    broker.fill("wh-topics-left", 3, 3_000);
    broker.fill("wh-topics-right", 2, 1_000);
    let group = Group::new(&broker, &[("wh-topics-left", 3), ("wh-topics-right", 2)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let pipeline = two::pipeline(two::Resources {
        journal: journal.clone(),
    })
    .config(settings(broker.bootstrap(), &group).until_end());
    let report = Member::start(pipeline)
        .join(s(30))
        .expect("it ends in order");
    watcher.finish(1);
    assert_eq!(
        (report.finished, journal.records(), journal.repeats()),
        (4_000, 4_000, 0)
    );
    group.assert_at_end();
}

#[pipeline(group = "from the configuration")]
mod many {
    use super::*;

    #[source(topic = "wh-topics-many")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[filter(from = read)]
    fn some(at: &Position) -> bool {
        // Nothing of every third partition gets through, which finishes it all the same.
        at.partition % 3 != 0
    }

    #[sink(from = some)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn sixty_four_partitions_reach_their_ends_and_so_do_those_whose_records_are_all_filtered() {
    const TOPIC: &str = "wh-topics-many";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 64);
    broker.fill(TOPIC, 64, 64 * 100);
    let group = Group::new(&broker, &[(TOPIC, 64)]);
    let journal = Journal::new();
    let pipeline = many::pipeline(many::Resources {
        journal: journal.clone(),
    })
    .config(settings(broker.bootstrap(), &group).until_end());
    let report = Member::start(pipeline)
        .join(s(30))
        .expect("it ends in order");
    assert_eq!((report.finished, journal.records()), (6_400, 4_200));
    group.assert_at_end();
}

#[test]
fn an_empty_topic_ends_at_once_and_costs_nothing_to_wait_for() {
    const TOPIC: &str = "wh-idle";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 6);
    let group = Group::new(&broker, &[(TOPIC, 6)]);
    let folder = Child::folder(TOPIC);
    let arguments = ["--brokers", broker.bootstrap(), "--group", group.name()];

    let ended = Child::start(
        &folder,
        "idle",
        &[&arguments[..], &["--until-end"]].concat(),
    )
    .wait(s(15));
    ended.assert_code(0);
    assert!(ended.out.contains("0 records finished"), "{ended:?}");

    let waiting = Child::start(&folder, "idle", &arguments);
    eventually(s(15), "it has its partitions", || {
        waiting.said("err").contains("partitions assigned")
    });
    let before = cpu_time(waiting.pid());
    std::thread::sleep(s(2));
    let spent = cpu_time(waiting.pid()).saturating_sub(before);
    assert!(
        spent < Duration::from_millis(200),
        "it spent {spent:?} of 2 s on nothing"
    );
}

#[pipeline(group = "from the configuration")]
mod odd {
    use super::*;

    #[source(topic = "wh-topics-odd")]
    fn read(record: &Record<'_>) -> (Position, Option<usize>) {
        (record.position(), record.value().map(<[u8]>::len))
    }

    #[sink(from = read)]
    fn note(seen: (Position, Option<usize>), journal: &Journal, tombstones: &Journal) {
        let (at, len) = seen;
        let journal = if len.is_none() { tombstones } else { journal };
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn tombstones_and_empty_values_are_records() {
    const TOPIC: &str = "wh-topics-odd";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    let key = Some(b"key".to_vec());
    let tombstone = Message {
        key: key.clone(),
        ..Message::default()
    };
    let empty = Message {
        key,
        ..Message::new(0, "")
    };
    broker.produce(
        TOPIC,
        [
            tombstone.clone(),
            empty,
            Message::new(0, "value"),
            tombstone,
        ],
    );
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let (journal, tombstones) = (Journal::new(), Journal::new());
    let resources = odd::Resources {
        journal: journal.clone(),
        tombstones: tombstones.clone(),
    };
    let pipeline =
        odd::pipeline(resources).config(settings(broker.bootstrap(), &group).until_end());
    Member::start(pipeline)
        .join(s(30))
        .expect("it ends in order");
    assert_eq!((journal.records(), tombstones.records()), (2, 2));
    group.assert_at_end();
}

#[pipeline(group = "from the configuration")]
mod gaps {
    use super::*;

    #[source(topic = "wh-topics-gaps")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// Partition 0: records, an aborted batch, records, a marker at the end. Partition 1: an aborted batch and nothing else.
fn write_transactions(broker: &Broker, topic: &str) {
    let mut config = broker.client();
    config.set("transactional.id", format!("{topic}-writer"));
    let producer: BaseProducer = config.create().expect("a producer starts");
    producer
        .init_transactions(s(30))
        .expect("transactions start");
    let write = |partition: i32, commit: bool| {
        producer.begin_transaction().expect("a transaction begins");
        for n in 0..10 {
            let value = n.to_string();
            let record = BaseRecord::<(), _>::to(topic)
                .partition(partition)
                .payload(&value);
            producer
                .send(record)
                .map_err(|(error, _)| error)
                .expect("it is taken");
        }
        producer.flush(s(10)).expect("it is written");
        if commit {
            producer.commit_transaction(s(10)).expect("it is committed");
        } else {
            producer.abort_transaction(s(10)).expect("it is aborted");
        }
    };
    write(0, true);
    write(0, false);
    write(0, true);
    write(1, false);
}

#[test]
fn transactions_leave_gaps_that_hold_nothing_up() {
    const TOPIC: &str = "wh-topics-gaps";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 2);
    write_transactions(&broker, TOPIC);
    // 10 records, marker, 10 aborted, marker, 10 records, marker; and 10 aborted and their marker.
    let ends = broker.ends(TOPIC, 2);
    assert_eq!(ends.values().copied().collect::<Vec<_>>(), [33, 11]);
    let group = Group::new(&broker, &[(TOPIC, 2)]);
    let journal = Journal::new();
    let run = || {
        let pipeline = gaps::pipeline(gaps::Resources {
            journal: journal.clone(),
        })
        .config(settings(broker.bootstrap(), &group).until_end());
        Member::start(pipeline)
            .join(s(30))
            .expect("it ends in order")
    };
    assert_eq!(run().finished, 20);
    assert_eq!((journal.records(), journal.repeats()), (20, 0));
    // One past the last record that can be read: the marker after it stays, as it does for any client that commits what
    // it was given. Where nothing can be read, nothing is committed.
    assert_eq!(
        (group.committed_in(0), group.committed_in(1)),
        (Some(32), None)
    );
    // What stays holds no record: the next run finds nothing, and ends.
    assert_eq!(run().finished, 0);
    assert_eq!(journal.repeats(), 0);
}

#[pipeline(group = "from the configuration")]
mod removed {
    use super::*;

    #[source(topic = "wh-topics-removed")]
    fn record(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = record)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn records_that_retention_has_removed_are_not_waited_for() {
    const TOPIC: &str = "wh-topics-removed";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let run = || {
        let pipeline = removed::pipeline(removed::Resources {
            journal: journal.clone(),
        })
        .config(
            settings(broker.bootstrap(), &group)
                .set("on_offset_out_of_range", "earliest")
                .until_end(),
        );
        Member::start(pipeline)
            .join(s(30))
            .expect("it ends in order")
    };
    broker.fill(TOPIC, 1, 10);
    assert_eq!(run().finished, 10);
    broker.fill(TOPIC, 1, 10);
    broker.remove_before(TOPIC, 20);
    // The group's offset is 10, and the log begins and ends at 20.
    assert_eq!(run().finished, 0);
    broker.fill(TOPIC, 1, 5);
    assert_eq!(run().finished, 5);
    group.assert_at_end();
}
