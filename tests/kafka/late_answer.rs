//! **A late answer belongs to the assignment that asked.** A call that hangs is left behind when its partition is revoked.
//! When the same member gets the same partition again, and works on the same record again, the answer to the first call
//! settles nothing: the record is finished when the second call has answered, and its offset is not committed before.
//!
//! The bad day: an answer of the previous assignment is taken for one of this, and the offset moves past a record that is
//! still under way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use waterhealer::prelude::*;

use crate::support::{Broker, Group, Journal, Member, Watcher, eventually, heavy, ms, s, settings};

/// The record of each partition that hangs.
const HANGS: i64 = 20;

/// Calls that wait, each with its partition.
type Waiting = VecDeque<(i32, oneshot::Sender<()>)>;

/// Calls that hang, in the order in which they came, with their partition.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Waiting>>);

impl Calls {
    fn note(&self, partition: i32) -> oneshot::Receiver<()> {
        let (answer, answered) = oneshot::channel();
        self.0.lock().unwrap().push_back((partition, answer));
        answered
    }

    fn of(&self, partition: i32) -> usize {
        let calls = self.0.lock().unwrap();
        calls.iter().filter(|call| call.0 == partition).count()
    }

    /// Answers the first of a partition's calls that was not answered.
    fn answer(&self, partition: i32) {
        let mut calls = self.0.lock().unwrap();
        let first = calls.iter().position(|call| call.0 == partition);
        let (_, answer) = calls
            .remove(first.expect("one hangs"))
            .expect("it is there");
        answer.send(()).expect("the call still waits");
    }

    fn answer_all(&self) {
        for (_, answer) in self.0.lock().unwrap().drain(..) {
            answer.send(()).expect("the call still waits");
        }
    }
}

#[pipeline(group = "from the configuration", drain_timeout = "500ms")]
mod hanging {
    use super::*;

    #[source(topic = "wh-late-answer")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 8)]
    async fn work(at: Position, calls: &Option<Calls>) -> Position {
        if let Some(calls) = calls
            && at.offset == HANGS
        {
            let _answered = calls.note(at.partition).await;
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

fn a_late_answer_settles_nothing(lanes: &str) {
    const TOPIC: &str = "wh-late-answer";
    let _alone = heavy();
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 4);
    broker.fill(TOPIC, 4, 400);
    let group = Group::new(&broker, &[(TOPIC, 4)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let start = |calls: Option<&Calls>| {
        let resources = hanging::Resources {
            calls: calls.cloned(),
            journal: journal.clone(),
        };
        // The eager protocol takes everything away, and gives half of it back to the same member.
        let config = settings(broker.bootstrap(), &group)
            .set("lanes", lanes)
            .kafka("partition.assignment.strategy", "range")
            .kafka("heartbeat.interval.ms", "300");
        Member::start(hanging::pipeline(resources).config(config))
    };
    let calls = Calls::default();
    let first = start(Some(&calls));
    eventually(s(20), "one record hangs in each partition", || {
        (0..4).all(|partition| calls.of(partition) == 1)
    });
    let second = start(None);
    second.wait_until_it_holds(2);
    first.wait_until_it_holds(2);
    let mine: Vec<i32> = first
        .state()
        .partitions
        .iter()
        .map(|held| held.partition)
        .collect();
    eventually(s(10), "the same records hang again", || {
        mine.iter().all(|partition| calls.of(*partition) == 2)
    });
    eventually(s(10), "all others are done", || {
        (0..4).all(|partition| {
            let hangs = i64::from(mine.contains(&partition));
            let place = (TOPIC.to_owned(), partition);
            journal.missing(&place, 0, 100).len() as i64 == hangs
        })
    });

    for partition in &mine {
        calls.answer(*partition);
    }
    // Ten heals.
    for _ in 0..20 {
        std::thread::sleep(ms(50));
        for partition in &mine {
            assert_eq!(
                group.committed_in(*partition),
                Some(HANGS),
                "partition {partition} went past a record that is under way"
            );
        }
    }
    calls.answer_all();
    group.wait_until_at_end(s(10));
    first.stop();
    second.stop();
    watcher.finish(4);
    assert_eq!(journal.records(), 400);
}

#[test]
fn the_answer_of_an_assignment_that_is_over_settles_nothing_in_the_next() {
    a_late_answer_settles_nothing("1");
}

#[test]
fn the_answer_of_an_assignment_that_is_over_settles_nothing_in_any_lane() {
    a_late_answer_settles_nothing("3");
}
