//! **Dead letters.** A record that fails at a stage that says so is in the dead-letter topic before its offset counts, to the
//! last byte as it was, with why it failed; all others are processed. Where it cannot be written there, the pipeline halts
//! and nothing past it is committed.
//!
//! The bad day: one poison record in ten, a dead-letter topic that refuses them, a `kill -9` between the two topics.

use std::collections::{BTreeMap, BTreeSet};

use waterhealer::prelude::*;
use waterhealer::{EmitId, ErrorKind};

use crate::support::exact::{self, Exact};
use crate::support::{
    Broker, Child, Group, Journal, Member, Random, Watcher, eventually, heavy, ms, s, settings,
};

const MIXED: &str = "wh-letters";
const SPRING: &str = "wh-letters-spring";
const STREAMS: &str = "wh-letters-streams";
const RECORDS: usize = 600;

#[derive(Debug)]
struct Bad(&'static str);

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bad {}", self.0)
    }
}

impl std::error::Error for Bad {}

#[pipeline(group = "from the configuration")]
mod mixed {
    use super::*;

    #[source(topic = "wh-letters", on_error = dead_letter)]
    fn read(record: &Record<'_>) -> Result<Position, Bad> {
        match record.key() {
            Some(b"undecodable") => Err(Bad("bytes")),
            _ => Ok(record.position()),
        }
    }

    #[map(from = read, concurrency = 16, on_error = dead_letter("wh-letters-spring", style = spring))]
    async fn work(at: Position) -> Result<Position, Bad> {
        tokio::task::yield_now().await;
        match at.offset % 30 {
            10 => Err(Bad("luck")),
            _ => Ok(at),
        }
    }

    #[sink(from = work.partition(7, within = "50ms"), on_error = dead_letter("wh-letters-streams", style = streams))]
    fn note(rows: Batch<Position>, journal: &Journal) -> Done {
        rows.try_for_each(|at| match at.offset % 30 {
            20 => Err(Bad("row")),
            _ => {
                journal.note(&at.topic, at.partition, at.offset);
                Ok(())
            }
        })
        .done()
    }
}

/// Every tenth is poison: by turns it does not decode, fails in the middle, and fails as one row of a batch.
fn originals() -> Vec<Exact> {
    let record = |n: usize| Exact {
        key: match n % 30 {
            0 => Some(b"undecodable".to_vec()),
            10 => None,
            20 => Some(Vec::new()),
            _ => Some(n.to_string().into_bytes()),
        },
        // No text, nothing, and empty.
        value: match n % 90 {
            0 => Some(vec![0xff, 0x00, 0xfe]),
            30 => None,
            60 => Some(Vec::new()),
            _ => Some(n.to_string().into_bytes()),
        },
        headers: vec![
            ("trace".to_owned(), Some(vec![0xff, n as u8])),
            ("empty".to_owned(), Some(Vec::new())),
            ("none".to_owned(), None),
            ("trace".to_owned(), Some(b"twice".to_vec())),
        ],
        timestamp: Some(1_700_000_000_000 + n as i64),
    };
    (0..RECORDS).map(record).collect()
}

#[test]
fn one_poison_record_in_ten_costs_no_other_and_stays_as_it_was() {
    let broker = Broker::shared();
    broker.fresh_topic(MIXED, 1);
    exact::write(&broker, MIXED, &originals());
    let group = Group::new(&broker, &[(MIXED, 1)]);
    let connect = format!("{MIXED}.{}.dlq", group.name());
    // Records keep their own time, which may be long ago.
    let keep = [("retention.ms", "-1")];
    for topic in [connect.as_str(), SPRING, STREAMS] {
        broker.fresh_topic_with(topic, 1, &keep);
    }
    let journal = Journal::new();
    let pipeline = mixed::pipeline(mixed::Resources {
        journal: journal.clone(),
    });
    let pipeline = pipeline.config(settings(broker.bootstrap(), &group).until_end());
    let report = Member::start(pipeline)
        .join(s(30))
        .expect("it ends in order");

    assert_eq!(
        (report.finished, report.dead_lettered, report.skipped),
        (600, 60, 0)
    );
    assert_eq!(journal.records(), 540, "all others were processed");
    group.assert_at_end();

    let ours = [("pipeline", "mixed"), ("group", group.name())];
    let cluster = broker.cluster();
    for (topic, rest, stage, why) in [
        (connect.as_str(), 0, "read", "bad bytes"),
        (SPRING, 10, "work", "bad luck"),
        (STREAMS, 20, "note", "bad row"),
    ] {
        let letters = exact::read(&broker, topic, 1);
        let mut by_offset = BTreeMap::new();
        for letter in letters {
            let number = |name: &str| -> i64 { letter.text(name).parse().expect("a number") };
            let (offset, partition) = match topic {
                SPRING => {
                    let bytes = |name: &str| letter.header(name).expect("it is there").to_vec();
                    let offset = bytes("kafka_dlt-original-offset");
                    let partition = bytes("kafka_dlt-original-partition");
                    let time = bytes("kafka_dlt-original-timestamp");
                    let time = i64::from_be_bytes(time.try_into().expect("8 bytes"));
                    assert_eq!(Some(time), letter.timestamp);
                    let partition = i32::from_be_bytes(partition.try_into().expect("4 bytes"));
                    (
                        i64::from_be_bytes(offset.try_into().expect("8 bytes")),
                        i64::from(partition),
                    )
                }
                STREAMS => (
                    number("__streams.errors.offset"),
                    number("__streams.errors.partition"),
                ),
                _ => (
                    number("__connect.errors.offset"),
                    number("__connect.errors.partition"),
                ),
            };
            assert_eq!(partition, 0);
            let (topic_name, message) = match topic {
                SPRING => ("kafka_dlt-original-topic", "kafka_dlt-exception-message"),
                STREAMS => ("__streams.errors.topic", "__streams.errors.message"),
                _ => (
                    "__connect.errors.topic",
                    "__connect.errors.exception.message",
                ),
            };
            assert_eq!(
                (letter.text(topic_name), letter.text(message)),
                (MIXED, why)
            );
            let class = match topic {
                SPRING => letter.text("kafka_dlt-exception-fqcn"),
                STREAMS => letter.text("__streams.errors.exception"),
                _ => letter.text("__connect.errors.exception.class.name"),
            };
            assert!(class.contains("dead_letters::Bad"), "{class}");
            for (name, value) in ours {
                assert_eq!(letter.text(&format!("waterhealer.{name}")), value);
            }
            assert_eq!(letter.text("waterhealer.stage"), stage);
            let emit_id = EmitId::new(&cluster, MIXED, 0, offset);
            assert_eq!(letter.text("waterhealer.emit_id"), emit_id.to_string());
            let failed_at = letter.text("waterhealer.failed_at");
            assert!(
                failed_at.starts_with("20") && failed_at.ends_with('Z'),
                "{failed_at}"
            );
            assert!(by_offset.insert(offset, letter).is_none(), "{offset} twice");
        }
        let expected: Vec<i64> = (0..RECORDS as i64).filter(|n| n % 30 == rest).collect();
        assert_eq!(
            by_offset.keys().copied().collect::<Vec<_>>(),
            expected,
            "{topic}"
        );
        for (offset, letter) in by_offset {
            let original = &originals()[usize::try_from(offset).expect("an offset")];
            let own = original.headers.len();
            assert_eq!(
                letter.headers[..own],
                original.headers[..],
                "{topic} {offset}"
            );
            assert_eq!(
                (&letter.key, &letter.value, letter.timestamp),
                (&original.key, &original.value, original.timestamp),
                "{topic} {offset}"
            );
        }
    }
}

#[pipeline(group = "from the configuration")]
mod refused {
    use super::*;

    #[source(topic = "wh-letters-refused")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, on_error = dead_letter("wh-letters-tiny"))]
    fn check(at: Position) -> Result<Position, Bad> {
        match at.offset {
            50 => Err(Bad("weather")),
            _ => Ok(at),
        }
    }

    #[sink(from = check)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_dead_letter_that_is_not_taken_halts_and_nothing_past_it_is_committed() {
    const TOPIC: &str = "wh-letters-refused";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 100);
    broker.fresh_topic_with("wh-letters-tiny", 1, &[("max.message.bytes", "100")]);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    for _ in 0..2 {
        let pipeline = refused::pipeline(refused::Resources {
            journal: journal.clone(),
        });
        let pipeline = pipeline.config(settings(broker.bootstrap(), &group));
        let error = Member::start(pipeline)
            .join(s(30))
            .expect_err("the broker does not take it");
        let ErrorKind::Halted { stage, position } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*stage, position.offset), ("check", 50));
        let text = error.to_string();
        for part in [
            "bad weather",
            "`wh-letters-tiny` did not take",
            "MessageSizeTooLarge",
            "not lost",
        ] {
            assert!(text.contains(part), "no `{part}` in: {text}");
        }
        assert_eq!(group.committed_in(0), Some(50));
    }
    watcher.finish(1);
    assert_eq!(exact::read(&broker, "wh-letters-tiny", 1), []);

    // The topic takes larger messages now, and the next start goes on.
    broker.fresh_topic("wh-letters-tiny", 1);
    let pipeline = refused::pipeline(refused::Resources {
        journal: journal.clone(),
    });
    let pipeline = pipeline.config(settings(broker.bootstrap(), &group).until_end());
    let report = Member::start(pipeline)
        .join(s(30))
        .expect("it ends in order");
    assert_eq!(report.dead_lettered, 1);
    assert_eq!((journal.records(), journal.times(TOPIC, 0, 50)), (99, 0));
    group.assert_at_end();
}

#[test]
fn a_dead_letter_topic_has_to_exist() {
    const TOPIC: &str = "wh-letters-refused-start";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let error = Member::start(homeless::pipeline().config(settings(broker.bootstrap(), &group)))
        .join(s(30))
        .expect_err("there is no such topic");
    assert_eq!(error.kind(), &ErrorKind::Broker);
    let missing = format!("`{TOPIC}.{}.dlq` does not exist", group.name());
    assert!(error.to_string().contains(&missing), "{error}");
}

#[pipeline(group = "from the configuration")]
mod homeless {
    use super::*;

    #[source(topic = "wh-letters-refused-start", on_error = dead_letter)]
    fn read(record: &Record<'_>) -> Result<i64, Bad> {
        Ok(record.offset())
    }

    #[sink(from = read)]
    fn done(_offset: i64) {}
}

#[test]
fn a_kill_between_the_two_topics_loses_no_record() {
    const TOPIC: &str = "wh-letters-killed";
    const LETTERS: &str = "wh-letters-killed-dlq";
    const PARTITIONS: i32 = 3;
    const RECORDS: usize = 9_000;
    let _alone = heavy();
    let mut random = Random::from_seed();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    broker.fresh_topic(LETTERS, 2);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let folder = Child::folder(TOPIC);
    let journal = Journal::of_file(&folder.join("journal"));
    let start = |more: &[&str]| {
        let common = ["--brokers", broker.bootstrap(), "--group", group.name()];
        // A dead member is missed after a second.
        let session = [
            "--kafka",
            "session.timeout.ms=1000",
            "--kafka",
            "heartbeat.interval.ms=300",
        ];
        Child::start(
            &folder,
            "letters-killed",
            &[&common[..], &session, more].concat(),
        )
    };
    // Where each record is, once the group says that it is done with it.
    let assert_none_is_lost = || {
        let committed = group.committed();
        let letters: BTreeSet<(i32, i64)> = exact::read(&broker, LETTERS, 2)
            .iter()
            .map(|letter| {
                let number = |name: &str| letter.text(name).parse::<i64>().expect("a number");
                let partition = number("__connect.errors.partition") as i32;
                (partition, number("__connect.errors.offset"))
            })
            .collect();
        for ((_, partition), end) in committed {
            for offset in 0..end {
                let safe = match offset % 10 {
                    3 => letters.contains(&(partition, offset)),
                    _ => journal.times(TOPIC, partition, offset) > 0,
                };
                assert!(
                    safe,
                    "{TOPIC}[{partition}]@{offset} is committed and nowhere"
                );
            }
        }
    };

    for _ in 0..5 {
        let before = journal.records();
        let child = start(&[]);
        eventually(s(30), "the child works", || journal.records() > before);
        std::thread::sleep(ms(random.below(400)));
        child.kill();
        assert_none_is_lost();
    }
    start(&["--until-end"]).wait(s(60)).assert_code(0);
    group.assert_at_end();
    assert_none_is_lost();
    assert_eq!(journal.records(), RECORDS - RECORDS / 10);
}
