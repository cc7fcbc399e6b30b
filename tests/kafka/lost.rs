//! **A session that was lost leaves nothing behind.** When the broker has given a member's partitions away, what the
//! member knew of them is over, and that it held one back, too. A partition that comes back begins like a new one.
//!
//! The bad day: a partition is held back behind a record that hangs, the broker is away for longer than a session, and
//! after that the partition comes back and is never fetched again, without an error.

use std::sync::Arc;

use tokio::sync::Semaphore;
use waterhealer::prelude::*;
use xtask::services::{self, Kafka};

use crate::support::{
    Broker, Group, Journal, Member, Message, Watcher, eventually, heavy, s, settings,
};

const TOPIC: &str = "wh-lost";
const RECORDS: usize = 5_000;

/// The record that hangs until the gate is open.
const HANGS: i64 = 50;

#[pipeline(group = "from the configuration", max_in_flight = 200)]
mod held_back {
    use super::*;

    #[source(topic = "wh-lost")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 8)]
    async fn work(at: Position, gate: &Arc<Semaphore>) -> Position {
        if at.offset == HANGS {
            let _through = gate.acquire().await;
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn a_partition_held_back_when_the_session_was_lost_is_read_to_its_end() {
    let _alone = heavy();
    let (port, controller) = (
        services::free_port().expect("a port"),
        services::free_port().expect("a port"),
    );
    let mut kafka = Kafka::at(services::home().join("kafka-lost"), port, controller).kill_on_drop();
    kafka.kill().expect("it can be killed");
    kafka.wipe().expect("it does not run");
    kafka.start().expect("a broker starts");
    let broker = Broker::at(kafka.bootstrap());
    broker.fresh_topic(TOPIC, 1);
    broker.produce(
        TOPIC,
        (0..RECORDS).map(|n| Message::new(0, format!("{n:0>1000}"))),
    );
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let gate = Arc::new(Semaphore::new(0));
    let resources = held_back::Resources {
        gate: Arc::clone(&gate),
        journal: journal.clone(),
    };
    // A small cache in the client: far from all is fetched when the partition is held back.
    let config = settings(broker.bootstrap(), &group)
        .kafka("session.timeout.ms", "4000")
        .kafka("heartbeat.interval.ms", "300")
        .kafka("queued.max.messages.kbytes", "64")
        .kafka("fetch.message.max.bytes", "16384");
    let member = Member::start(held_back::pipeline(resources).config(config));
    eventually(s(20), "the partition is held back", || {
        member.state().partitions.iter().any(|held| held.paused)
    });
    eventually(s(10), "up to the record is committed", || {
        group.committed_in(0) == Some(HANGS)
    });

    kafka.stop().expect("it can be stopped");
    eventually(s(30), "the session is lost", || member.holds() == 0);
    kafka.start().expect("it starts again");
    member.wait_until_it_holds(1);
    let behind = journal
        .missing(&(TOPIC.to_owned(), 0), HANGS + 1, RECORDS as i64)
        .len();
    assert!(behind > 0, "nothing is left to fetch");

    // The call of the assignment that is over and the one of this, in which the record hangs again.
    gate.add_permits(2);
    group.wait_until_at_end(s(30));
    member.stop();
    watcher.finish(2);
    assert_eq!(journal.records(), RECORDS, "every record was processed");
    kafka.stop().expect("it can be stopped");
}
