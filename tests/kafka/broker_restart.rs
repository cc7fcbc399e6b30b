//! **A broker that goes away comes back to a pipeline that goes on.** Nothing is lost, nothing needs a hand, and all of it
//! is committed in the end.
//!
//! The bad day: the broker is stopped under load, later killed, and is away for a while each time.

use waterhealer::prelude::*;
use xtask::services::{self, Kafka};

use crate::support::{Broker, Group, Journal, Member, Watcher, eventually, heavy, ms, s, settings};

const TOPIC: &str = "wh-restart";
const PARTITIONS: i32 = 4;
const RECORDS: usize = 60_000;

#[pipeline(group = "from the configuration")]
mod working {
    use super::*;

    #[source(topic = "wh-restart")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 16)]
    async fn work(at: Position) -> Position {
        tokio::time::sleep(ms(at.offset.unsigned_abs() % 9)).await;
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

#[test]
fn the_pipeline_goes_on_when_its_broker_was_away() {
    let _alone = heavy();
    let (port, controller) = (
        services::free_port().expect("a port"),
        services::free_port().expect("a port"),
    );
    let mut kafka =
        Kafka::at(services::home().join("kafka-restart"), port, controller).kill_on_drop();
    kafka.kill().expect("it can be killed");
    kafka.wipe().expect("it does not run");
    kafka.start().expect("a broker starts");
    let broker = Broker::at(kafka.bootstrap());
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    // A small cache in the client, so that the broker is needed all the time.
    let config = settings(broker.bootstrap(), &group)
        .set("max_in_flight", "500")
        .kafka("queued.max.messages.kbytes", "16")
        .kafka("fetch.message.max.bytes", "4096")
        .kafka("queued.min.messages", "100");
    let resources = working::Resources {
        journal: journal.clone(),
    };
    let member = Member::start(working::pipeline(resources).config(config));

    for kill in [false, true] {
        let before = journal.records();
        eventually(s(60), "the pipeline works", || {
            journal.records() > before + 2_000
        });
        if kill {
            kafka.kill().expect("it can be killed");
        } else {
            kafka.stop().expect("it can be stopped");
        }
        std::thread::sleep(s(1));
        kafka.start().expect("it starts again");
        assert!(
            journal.records() < RECORDS,
            "the broker went with nothing left to do"
        );
    }
    group.wait_until_at_end(s(90));
    member.stop();
    watcher.finish(10);
    assert_eq!(journal.records(), RECORDS, "every record was processed");
    group.assert_at_end();
    // What was done and not yet committed when the broker went may be done again: nobody could be told of it.
    eprintln!("processed again: {}", journal.repeats());
    kafka.stop().expect("it can be stopped");
}
