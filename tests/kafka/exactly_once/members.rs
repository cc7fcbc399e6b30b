//! Members that deliver exactly once and are killed, stopped, woken again, replaced, or come and go.

use waterhealer::prelude::*;

use super::{assert_once, counted};
use crate::support::{
    Broker, Child, Group, Member, Random, Signal, eventually, heavy, ms, s, settings,
};

const KILLED: &str = "wh-once-killed";
const OUTPUTS: [&str; 2] = ["wh-once-killed-out", "wh-once-killed-copy"];
const PARTITIONS: i32 = 6;

/// Members in processes of their own.
struct Field {
    broker: Broker,
    group: Group,
    folder: std::path::PathBuf,
}

impl Field {
    fn new(test: &str) -> Field {
        let broker = Broker::shared();
        broker.fresh_topic(KILLED, PARTITIONS);
        for topic in OUTPUTS {
            broker.fresh_topic(topic, 3);
        }
        let group = Group::new(&broker, &[(KILLED, PARTITIONS)]);
        let folder = Child::folder(test);
        Field {
            broker,
            group,
            folder,
        }
    }

    /// `name` is its `transactional.id`: who starts with the same ends what was left open.
    fn start(&self, name: &str) -> Child {
        let id = format!("transactional.id={}-{name}", self.group.name());
        let arguments = [
            "--brokers",
            self.broker.bootstrap(),
            "--group",
            self.group.name(),
            "--kafka",
            "session.timeout.ms=1500",
            "--kafka",
            "heartbeat.interval.ms=300",
            "--kafka",
            &id,
        ];
        Child::start(&self.folder, "exactly", &arguments)
    }

    fn committed(&self) -> usize {
        let committed = self.group.try_committed();
        committed.map_or(0, |all| all.values().sum::<i64>() as usize)
    }

    #[track_caller]
    fn assert_once(&self, records: usize) {
        for topic in OUTPUTS {
            assert_once(&counted(&self.broker, topic, 3), 0..records);
        }
    }
}

#[test]
fn members_that_are_killed_at_any_moment_leave_each_output_once() {
    const RECORDS: usize = 60_000;
    const KILLS: usize = 15;
    let _alone = heavy();
    let mut random = Random::from_seed();
    let field = Field::new("wh-once-killed");
    field.broker.fill(KILLED, PARTITIONS, RECORDS);
    let names = ["a", "b", "c"];
    let mut members: Vec<Child> = names.iter().map(|name| field.start(name)).collect();
    let mut at_work = 0;
    for kill in 0..KILLS {
        let before = field.committed();
        let which = random.below(3) as usize;
        if kill % 3 == 2 {
            // At any moment, joining included.
            std::thread::sleep(ms(random.below(1_500)));
        } else {
            eventually(s(60), "something is committed", || {
                field.committed() > before
            });
            std::thread::sleep(ms(random.below(300)));
        }
        at_work += usize::from(field.committed() > before);
        let next = field.start(names[which]);
        std::mem::replace(&mut members[which], next).kill();
    }
    assert!(field.committed() < RECORDS, "nothing was left to do");
    assert!(at_work >= KILLS / 2, "only {at_work} were killed at work");
    field.group.wait_until_at_end(s(90));
    for member in members {
        member.signal(Signal::TERM);
        member.wait(s(20)).assert_code(0);
    }
    field.assert_once(RECORDS);
    field.group.assert_at_end();
}

#[test]
fn a_member_that_comes_back_from_the_dead_is_fenced() {
    const RECORDS: usize = 40_000;
    let _alone = heavy();
    let field = Field::new("wh-once-zombie");
    field.broker.fill(KILLED, PARTITIONS, RECORDS);
    let zombie = field.start("a");
    eventually(s(30), "it works", || field.committed() > 1_000);
    zombie.signal(Signal::STOP);
    let heir = field.start("b");
    let before = field.committed();
    eventually(s(60), "another has its partitions", || {
        field.committed() > before + 1_000
    });
    zombie.signal(Signal::CONT);
    field.group.wait_until_at_end(s(90));
    // It ends with the cause, or has joined anew; either way nothing of what it held comes.
    drop(zombie);
    heir.signal(Signal::TERM);
    heir.wait(s(20)).assert_code(0);
    field.assert_once(RECORDS);
}

#[test]
fn who_takes_a_transactional_id_ends_the_one_that_had_it() {
    let _alone = heavy();
    let field = Field::new("wh-once-fenced");
    field.broker.fill(KILLED, PARTITIONS, 20_000);
    let first = field.start("a");
    eventually(s(30), "it works", || field.committed() > 500);
    let second = field.start("a");
    let ended = first.wait(s(30));
    ended.assert_code(1);
    ended.assert_says(&["another process has taken the place of this one"]);
    field.group.wait_until_at_end(s(60));
    second.signal(Signal::TERM);
    second.wait(s(20)).assert_code(0);
    field.assert_once(20_000);
}

#[pipeline(group = "from the configuration", delivery = exactly_once)]
mod busy {
    use super::*;

    #[source(topic = "wh-once-moving")]
    fn read(record: &Record<'_>) -> (u64, Vec<u8>) {
        let value = record.value().unwrap_or_default().to_vec();
        (record.offset().unsigned_abs(), value)
    }

    #[map(from = read, concurrency = 32)]
    async fn work((offset, value): (u64, Vec<u8>)) -> Vec<u8> {
        tokio::time::sleep(ms(offset % 11)).await;
        value
    }

    #[sink(from = work, topic = "wh-once-moving-out")]
    fn write(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }
}

/// A second member joins and leaves, again and again, while both are at work.
fn members_come_and_go(joins: usize, kafka: &[(&str, &str)]) {
    const TOPIC: &str = "wh-once-moving";
    const ALL: usize = 8;
    const RECORDS: usize = 40_000;
    let _alone = heavy();
    let mut random = Random::from_seed();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, ALL as i32);
    broker.fresh_topic("wh-once-moving-out", 3);
    broker.fill(TOPIC, ALL as i32, RECORDS);
    let group = Group::new(&broker, &[(TOPIC, ALL as i32)]);
    let start = || {
        let config = kafka.iter().fold(
            settings(broker.bootstrap(), &group),
            |config, (name, value)| config.kafka(name, *value),
        );
        Member::start(busy::pipeline().config(config))
    };
    let mut first = start();
    first.wait_until_it_holds(ALL);
    for time in 0..joins {
        let second = start();
        second.wait_until_it_holds(ALL / 2);
        first.wait_until_it_holds(ALL / 2);
        std::thread::sleep(ms(random.below(300)));
        let (stays, leaves) = if time % 2 == 0 {
            (first, second)
        } else {
            (second, first)
        };
        leaves.stop();
        stays.wait_until_it_holds(ALL);
        first = stays;
    }
    group.wait_until_at_end(s(90));
    first.stop();
    assert_once(&counted(&broker, "wh-once-moving-out", 3), 0..RECORDS);
}

#[test]
fn members_come_and_go_under_the_eager_protocol() {
    let heartbeat = ("heartbeat.interval.ms", "300");
    members_come_and_go(4, &[("partition.assignment.strategy", "range"), heartbeat]);
}

#[test]
fn members_come_and_go_under_the_cooperative_protocol() {
    let heartbeat = ("heartbeat.interval.ms", "300");
    let strategy = ("partition.assignment.strategy", "cooperative-sticky");
    members_come_and_go(4, &[strategy, heartbeat]);
}

#[test]
fn members_come_and_go_under_the_new_protocol() {
    members_come_and_go(2, &[("group.protocol", "consumer")]);
}
