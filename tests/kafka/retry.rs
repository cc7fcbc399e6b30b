//! **A call that fails is made again**, after longer and longer times, and holds back its own partition and no other. A call
//! that hangs is given up in time. A process that ends meanwhile loses nothing: the record is read again.
//!
//! The bad day: a service is away for a while; or it takes calls and never answers one of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, Watcher, eventually, s, settings};

const PARTITIONS: i32 = 3;
const RECORDS: usize = 3_000;

/// A service that refuses partition 1 while it is away.
#[derive(Debug, Default)]
pub(crate) struct Service {
    back: AtomicBool,
    refused: AtomicUsize,
}

#[pipeline(group = "from the configuration")]
mod refused {
    use super::*;

    #[source(topic = "wh-retry")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, retry(max = 10_000, backoff = "5ms..50ms", jitter))]
    fn ask(at: Position, service: &Arc<Service>) -> Result<Position, String> {
        if at.partition == 1 && at.offset == 10 && !service.back.load(Ordering::Relaxed) {
            service.refused.fetch_add(1, Ordering::Relaxed);
            return Err("away".to_owned());
        }
        Ok(at)
    }

    #[sink(from = ask)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_record_is_tried_until_the_service_is_back_and_other_partitions_go_on() {
    const TOPIC: &str = "wh-retry";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let (journal, service) = (Journal::new(), Arc::new(Service::default()));
    let watcher = Watcher::start(&group, &journal);
    let start = || {
        let resources = refused::Resources {
            service: Arc::clone(&service),
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group);
        Member::start(refused::pipeline(resources).config(config))
    };
    let each = Some((RECORDS / PARTITIONS as usize) as i64);
    let member = start();
    eventually(s(60), "the others are at their ends", || {
        [0, 2].map(|partition| group.committed_in(partition)) == [each; 2]
    });
    eventually(s(30), "it is tried again and again", || {
        service.refused.load(Ordering::Relaxed) > 5
    });
    assert_eq!(group.committed_in(1), Some(10));
    // It ends in order though a record waits for its next attempt, which the next start makes.
    member.stop();
    assert_eq!(group.committed_in(1), Some(10));
    let member = start();
    service.back.store(true, Ordering::Relaxed);
    group.wait_until_at_end(s(60));
    member.stop();
    watcher.finish(2);
    assert_eq!((journal.records(), journal.repeats()), (RECORDS, 0));
}

#[pipeline(group = "from the configuration")]
mod unread {
    use super::*;

    #[source(
        topic = "wh-retry-source",
        retry(max = 10_000, backoff = "5ms..50ms", jitter)
    )]
    fn read(record: &Record<'_>, service: &Arc<Service>) -> Result<(Position, String), String> {
        let at = record.position();
        let away = !service.back.load(Ordering::Relaxed);
        if away && at.partition == 1 && at.offset == 10 {
            service.refused.fetch_add(1, Ordering::Relaxed);
            return Err("away".to_owned());
        }
        let text = record.text().map_err(|error| error.to_string())?;
        Ok((at, text.to_owned()))
    }

    #[sink(from = read)]
    fn note((at, text): (Position, String), journal: &Journal) {
        let number = at.offset * i64::from(PARTITIONS) + i64::from(at.partition);
        assert_eq!(text, number.to_string(), "the record is another's");
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_source_is_lent_its_record_until_the_service_is_back_and_other_partitions_go_on() {
    const TOPIC: &str = "wh-retry-source";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let (journal, service) = (Journal::new(), Arc::new(Service::default()));
    let watcher = Watcher::start(&group, &journal);
    let start = || {
        let resources = unread::Resources {
            service: Arc::clone(&service),
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group);
        Member::start(unread::pipeline(resources).config(config))
    };
    let each = Some((RECORDS / PARTITIONS as usize) as i64);
    let member = start();
    eventually(s(60), "the others are at their ends", || {
        [0, 2].map(|partition| group.committed_in(partition)) == [each; 2]
    });
    // What the client has lent was given back to it long ago.
    eventually(s(30), "it is tried again and again", || {
        service.refused.load(Ordering::Relaxed) > 5
    });
    assert_eq!(group.committed_in(1), Some(10));
    assert_eq!(journal.times(TOPIC, 1, 11), 0, "it is behind 10");
    member.stop();
    assert_eq!(group.committed_in(1), Some(10));
    service.refused.store(0, Ordering::Relaxed);
    let member = start();
    eventually(s(30), "the next one tries it", || {
        service.refused.load(Ordering::Relaxed) > 5
    });
    service.back.store(true, Ordering::Relaxed);
    group.wait_until_at_end(s(60));
    member.stop();
    watcher.finish(2);
    assert_eq!((journal.records(), journal.repeats()), (RECORDS, 0));
}

#[pipeline(group = "from the configuration")]
mod hung {
    use super::*;

    #[source(topic = "wh-timeout")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 8, timeout = "300ms", retry(max = 1, backoff = "10ms..10ms"), on_error = skip)]
    async fn ask(at: Position) -> Position {
        if at.offset == 7 {
            std::future::pending::<()>().await;
        }
        at
    }

    #[map(from = ask, blocking, concurrency = 4, order_by = partition, timeout = "300ms", on_error = skip)]
    fn block(at: Position, gate: &Arc<AtomicBool>) -> Position {
        while at.offset == 11 && !gate.load(Ordering::Relaxed) {
            std::thread::sleep(crate::support::ms(5));
        }
        at
    }

    #[sink(from = block)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_call_that_hangs_is_given_up_and_its_partition_goes_on() {
    const TOPIC: &str = "wh-timeout";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let (journal, gate) = (Journal::new(), Arc::new(AtomicBool::new(false)));
    let resources = hung::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group);
    let member = Member::start(hung::pipeline(resources).config(config));
    group.wait_until_at_end(s(60));
    gate.store(true, Ordering::Relaxed);
    let report = member.stop();
    let hung = 2 * PARTITIONS as usize;
    assert_eq!(report.skipped, hung as u64, "two of each partition");
    assert_eq!(
        (journal.records(), journal.repeats()),
        (RECORDS - hung, 0),
        "late answers count nowhere"
    );
}
