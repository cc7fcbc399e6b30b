//! **A member with an id of its own keeps its place.** With `group.instance.id` a process that is started again within its
//! session gets its partitions back, and nobody else is disturbed; two processes with one id are told so.
//!
//! The bad days: a deploy that moves every partition twice; an id that was copied to a second machine.

use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, Watcher, eventually, heavy, s, settings};

const TOPIC: &str = "wh-static";

#[pipeline(group = "from the configuration")]
mod steady {
    use super::*;

    #[source(topic = "wh-static")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

struct Bench {
    broker: Broker,
    group: Group,
    journal: Journal,
}

impl Bench {
    fn new() -> Bench {
        let broker = Broker::shared();
        broker.fresh_topic(TOPIC, 4);
        broker.fill(TOPIC, 4, 400);
        let group = Group::new(&broker, &[(TOPIC, 4)]);
        let journal = Journal::new();
        Bench {
            broker,
            group,
            journal,
        }
    }

    fn start(&self, id: &str, kafka: &[(&str, &str)]) -> Member<impl Send + 'static> {
        let resources = steady::Resources {
            journal: self.journal.clone(),
        };
        let mut config =
            settings(self.broker.bootstrap(), &self.group).kafka("group.instance.id", id);
        for (name, value) in kafka {
            config = config.kafka(name, *value);
        }
        Member::start(steady::pipeline(resources).config(config))
    }
}

/// Of each partition that it holds: the number, and what the broker has confirmed in this very assignment.
fn holds<E: Send + 'static>(member: &Member<E>) -> Vec<(i32, Option<i64>)> {
    let state = member.state();
    let mut held: Vec<_> = state
        .partitions
        .iter()
        .map(|held| (held.partition, held.committed))
        .collect();
    held.sort_unstable();
    held
}

fn a_restart_disturbs_nobody(kafka: &[(&str, &str)]) {
    let _alone = heavy();
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let first = bench.start("first", kafka);
    let second = bench.start("second", kafka);
    first.wait_until_it_holds(2);
    second.wait_until_it_holds(2);
    // Each has committed something in each of its partitions since it has them.
    bench.broker.fill(TOPIC, 4, 400);
    bench.group.wait_until_at_end(s(20));
    // The broker has the commits a moment before the members know it.
    let knows = |member: &Member<_>| holds(member).iter().all(|one| one.1 == Some(200));
    eventually(s(10), "both know of their commits", || {
        knows(&first) && knows(&second)
    });
    let (of_first, of_second) = (holds(&first), holds(&second));

    first.stop();
    let again = bench.start("first", kafka);
    again.wait_until_it_holds(2);
    let numbers = |held: &[(i32, Option<i64>)]| held.iter().map(|one| one.0).collect::<Vec<_>>();
    assert_eq!(numbers(&holds(&again)), numbers(&of_first));
    // Had its partitions been taken away for a moment, it would know of no commit any more.
    assert_eq!(holds(&second), of_second);

    bench.broker.fill(TOPIC, 4, 400);
    bench.group.wait_until_at_end(s(20));
    again.stop();
    second.stop();
    watcher.finish(8);
    assert_eq!(
        (bench.journal.records(), bench.journal.repeats()),
        (1_200, 0),
        "each record once"
    );
}

#[test]
fn a_restart_within_the_session_disturbs_nobody_in_an_eager_group() {
    let strategy = ("partition.assignment.strategy", "range");
    a_restart_disturbs_nobody(&[strategy, ("heartbeat.interval.ms", "300")]);
}

#[test]
fn a_restart_within_the_session_disturbs_nobody_in_a_cooperative_group() {
    let strategy = ("partition.assignment.strategy", "cooperative-sticky");
    a_restart_disturbs_nobody(&[strategy, ("heartbeat.interval.ms", "300")]);
}

#[test]
fn a_restart_within_the_session_disturbs_nobody_under_the_new_protocol() {
    a_restart_disturbs_nobody(&[("group.protocol", "consumer")]);
}

#[test]
fn the_later_of_two_with_one_id_fences_the_earlier_off() {
    let _alone = heavy();
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let quick = [("heartbeat.interval.ms", "300")];
    let earlier = bench.start("one", &quick);
    earlier.wait_until_it_holds(4);
    bench.group.wait_until_at_end(s(20));
    let later = bench.start("one", &quick);
    let error = earlier.join(s(30)).unwrap_err().to_string();
    assert!(error.contains("FencedInstanceId"), "{error}");
    assert!(error.contains("same `group.instance.id`"), "{error}");
    later.wait_until_it_holds(4);
    bench.broker.fill(TOPIC, 4, 400);
    bench.group.wait_until_at_end(s(20));
    later.stop();
    watcher.finish(4);
    assert_eq!(bench.journal.records(), 800);
}

/// Here the brokers keep the earlier one, and refuse the later.
#[test]
fn the_earlier_of_two_with_one_id_keeps_its_place_under_the_new_protocol() {
    let _alone = heavy();
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let new = [("group.protocol", "consumer")];
    let earlier = bench.start("one", &new);
    earlier.wait_until_it_holds(4);
    let error = bench.start("one", &new).join(s(30)).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("UnreleasedInstanceId"), "{error}");
    assert!(error.contains("same `group.instance.id`"), "{error}");
    bench.broker.fill(TOPIC, 4, 400);
    bench.group.wait_until_at_end(s(20));
    earlier.stop();
    watcher.finish(4);
    assert_eq!((bench.journal.records(), bench.journal.repeats()), (800, 0));
}
