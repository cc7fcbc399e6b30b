//! **Rebalances lose nothing.** Members that join and leave under load neither lose a record nor move a committed offset
//! back, and repeat nothing either: work under way in partitions that are to be given up is finished and committed first.
//! (What does not finish is in `drain`.) Partitions that a member keeps meanwhile go on where they were.
//!
//! The bad days: revoke while work is in flight; offsets that move back when a second member joins.

use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, Random, Watcher, heavy, ms, s, settings};

const PARTITIONS: i32 = 8;
const RECORDS: usize = 10_000;

#[pipeline(group = "from the configuration")]
mod busy {
    use super::*;

    #[source(topic = "wh-rebalance")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 32)]
    async fn work(at: Position) -> Position {
        tokio::time::sleep(ms(at.offset.unsigned_abs() % 11)).await;
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// A second member joins and leaves, again and again, until everything is done.
fn members_come_and_go(joins: usize, kafka: &[(&str, &str)]) {
    const TOPIC: &str = "wh-rebalance";
    let _alone = heavy();
    let mut random = Random::from_seed();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, PARTITIONS);
    broker.fill(TOPIC, PARTITIONS, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, PARTITIONS)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let start = || {
        let mut config = settings(broker.bootstrap(), &group);
        for (name, value) in kafka {
            config = config.kafka(name, *value);
        }
        let resources = busy::Resources {
            journal: journal.clone(),
        };
        Member::start(busy::pipeline(resources).config(config))
    };
    let feed = broker.feed(TOPIC, PARTITIONS);
    let all = usize::try_from(PARTITIONS).expect("not negative");

    let mut first = start();
    first.wait_until_it_holds(all);
    for time in 0..joins {
        let second = start();
        second.wait_until_it_holds(all / 2);
        first.wait_until_it_holds(all / 2);
        std::thread::sleep(ms(random.below(300)));
        // Now one leaves, now the other.
        let (stays, leaves) = if time % 2 == 0 {
            (first, second)
        } else {
            (second, first)
        };
        leaves.stop();
        stays.wait_until_it_holds(all);
        first = stays;
    }
    let records = RECORDS + feed.stop();
    group.wait_until_at_end(s(60));
    first.stop();
    watcher.finish(joins);
    assert_eq!(journal.records(), records, "every record was processed");
    group.assert_at_end();
    // What was under way was finished and committed before it was given up.
    assert_eq!(journal.repeats(), 0, "nothing was processed again");
}

#[test]
fn members_come_and_go_under_the_eager_protocol() {
    let heartbeat = ("heartbeat.interval.ms", "300");
    members_come_and_go(4, &[("partition.assignment.strategy", "range"), heartbeat]);
}

#[test]
fn members_come_and_go_under_the_cooperative_protocol() {
    let heartbeat = ("heartbeat.interval.ms", "300");
    members_come_and_go(
        4,
        &[
            ("partition.assignment.strategy", "cooperative-sticky"),
            heartbeat,
        ],
    );
}

#[test]
fn members_come_and_go_under_the_new_protocol() {
    // Here the broker says how often members are heard, and it says every 5 s.
    members_come_and_go(2, &[("group.protocol", "consumer")]);
}

#[pipeline(group = "from the configuration")]
mod kept {
    use super::*;

    #[source(topic = "wh-rebalance-kept")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// The client pauses partitions that are kept while others move, and goes on from its own position: that ran one ahead
/// at the end of a partition (librdkafka#4844), and lost the next record or read all of them again.
#[test]
fn partitions_that_are_kept_at_their_ends_go_on_with_the_next_record() {
    const TOPIC: &str = "wh-rebalance-kept";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 4);
    broker.fill(TOPIC, 4, 400);
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let start = || {
        let resources = kept::Resources {
            journal: journal.clone(),
        };
        let config = settings(broker.bootstrap(), &group)
            .kafka("partition.assignment.strategy", "cooperative-sticky")
            .kafka("heartbeat.interval.ms", "300");
        Member::start(kept::pipeline(resources).config(config))
    };
    let first = start();
    group.wait_until_at_end(s(15));
    // Long enough for the broker to say that there is no more.
    std::thread::sleep(s(1));
    let second = start();
    second.wait_until_it_holds(2);
    first.wait_until_it_holds(2);
    broker.fill(TOPIC, 4, 400);
    group.wait_until_at_end(s(15));
    std::thread::sleep(s(1));
    second.stop();
    first.wait_until_it_holds(4);
    broker.fill(TOPIC, 4, 400);
    group.wait_until_at_end(s(15));
    first.stop();
    watcher.finish(4);
    assert_eq!(
        (journal.records(), journal.repeats()),
        (1_200, 0),
        "each record once"
    );
}
