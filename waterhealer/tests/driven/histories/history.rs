//! A history: what happens to a pipeline, and what must hold after each step. What the pipeline is, and when its work for a
//! record is done, is in the other files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use proptest::prelude::*;
use waterhealer::testing::Drive;
use waterhealer::{Graph, Record};

pub(crate) const TOPIC: &str = "in";
pub(crate) const PARTITIONS: i32 = 3;

/// A record, and which assignment of its partition has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) partition: i32,
    pub(crate) assignment: u32,
    pub(crate) offset: i64,
}

/// What the stages of a pipeline note, for the test to look at.
#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<Noted>);

#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// Which assignment of each partition is the present one.
    assignments: BTreeMap<i32, u32>,
    read: BTreeSet<At>,
    /// By the sink: what it has stored, with the part of the record.
    stored: BTreeMap<&'static str, BTreeSet<(At, u32)>>,
    wrong: Vec<String>,
}

impl Notes {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().expect("nobody panicked with it")
    }

    pub(crate) fn read(&self, record: &Record<'_>) -> At {
        let mut noted = self.lock();
        let partition = record.partition();
        let at = At {
            partition,
            assignment: noted.assignments.get(&partition).copied().unwrap_or(0),
            offset: record.offset(),
        };
        if !noted.read.insert(at) {
            noted.wrong.push(format!("{at:?} was read twice"));
        }
        at
    }

    /// Notes that a sink's work for a part of a record is done.
    pub(crate) fn store(&self, sink: &'static str, at: At, part: u32) {
        let mut noted = self.lock();
        if !noted.stored.entry(sink).or_default().insert((at, part)) {
            noted.wrong.push(format!(
                "part {part} of {at:?} was stored twice by `{sink}`"
            ));
        }
    }

    /// Notes work that may be done again, too.
    pub(crate) fn repeat(&self, sink: &'static str, at: At, part: u32) {
        let mut noted = self.lock();
        noted.stored.entry(sink).or_default().insert((at, part));
    }

    /// Notes what can never be.
    pub(crate) fn wrong(&self, what: String) {
        self.lock().wrong.push(what);
    }

    /// Whether a sink has done its work for a part of a record, in whichever assignment.
    pub(crate) fn is_stored(
        &self,
        sink: &'static str,
        partition: i32,
        offset: i64,
        part: u32,
    ) -> bool {
        let noted = self.lock();
        let mut stored = noted.stored.get(sink).into_iter().flatten();
        stored.any(|(at, one)| (at.partition, at.offset, *one) == (partition, offset, part))
    }
}

/// What happens.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Record { partition: i32, gap: i64 },
    Advance { millis: u64 },
    Answer { pick: usize },
    Heal,
    Revoke { partition: i32 },
    Lose { partition: i32 },
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let partition = || 0..PARTITIONS;
    let step = prop_oneof![
        12 => (partition(), prop_oneof![9 => Just(0), 1 => 1..4_i64])
            .prop_map(|(partition, gap)| Step::Record { partition, gap }),
        3 => (1..4_000_u64).prop_map(|millis| Step::Advance { millis }),
        8 => any::<usize>().prop_map(|pick| Step::Answer { pick }),
        1 => Just(Step::Heal),
        1 => partition().prop_map(|partition| Step::Revoke { partition }),
        1 => partition().prop_map(|partition| Step::Lose { partition }),
    ];
    prop::collection::vec(step, 1..120)
}

/// A pipeline under test, by its resources.
pub(crate) trait Case {
    /// The operators that hold values for ever, when nothing more comes.
    const HOLDS: &'static [&'static str];

    /// How many values of one record an operator may hold.
    const VALUES: usize = 1;

    fn notes(&self) -> &Notes;

    /// What is still to be done for a record that could be committed; `None` when nothing is.
    fn missing(&self, partition: i32, offset: i64) -> Option<String>;
}

pub(crate) struct History<G: Graph> {
    test: Drive<G>,
    /// By partition, where it is read on; without one it is not assigned.
    next: BTreeMap<i32, i64>,
    /// The offsets that exist, gaps apart.
    written: BTreeSet<(i32, i64)>,
    committed: BTreeMap<i32, i64>,
    /// Records that at most were let go with their partition.
    gone: u64,
}

impl<G: Graph<Resources: Case>> History<G> {
    pub(crate) fn new(mut test: Drive<G>) -> Self {
        test.hold_answers();
        History {
            test,
            next: BTreeMap::new(),
            written: BTreeSet::new(),
            committed: BTreeMap::new(),
            gone: 0,
        }
    }

    pub(crate) fn run(mut self, steps: Vec<Step>) {
        self.go(steps);
        self.finish();
    }

    /// As [`run`](History::run), but it is stopped in the middle of it: what may go on does, and the rest is let go.
    pub(crate) fn run_and_stop(mut self, steps: Vec<Step>, answers: bool) {
        self.go(steps);
        if answers {
            self.test.release_answers();
        }
        let end = self.test.end();
        for position in end.committed {
            self.commit(position.partition, position.offset);
        }
        self.check_noted();
        (0..PARTITIONS).for_each(|partition| self.check_partition(partition));
        assert_eq!(self.test.held(), []);
        let read = self.notes().lock().read.len() as u64;
        let left = end.unfinished.len() as u64;
        assert!(end.finished + left <= read, "more than was read");
        assert!(
            end.finished + left + self.gone >= read,
            "less than was read"
        );
    }

    fn go(&mut self, steps: Vec<Step>) {
        for step in steps {
            self.apply(step);
            self.check();
        }
    }

    fn notes(&self) -> &Notes {
        self.test.resources().notes()
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Record { partition, gap } => self.record(partition, gap),
            Step::Advance { millis } => self.test.advance(Duration::from_millis(millis)),
            Step::Answer { pick } => match self.test.calls().len() {
                0 => {}
                calls => self.test.answer(pick % calls),
            },
            Step::Heal => {
                for position in self.test.heal() {
                    self.commit(position.partition, position.offset);
                }
            }
            Step::Revoke { partition } => self.give_up(partition, Drive::revoke),
            Step::Lose { partition } => self.give_up(partition, Drive::lose),
        }
    }

    /// The next record of a partition: after a gap if none was written there before, else the next one of those.
    fn record(&mut self, partition: i32, gap: i64) {
        let from = match self.next.get(&partition) {
            Some(next) => *next,
            None => self.committed.get(&partition).copied().unwrap_or(0),
        };
        let mut ahead = self.written.range((partition, from)..(partition, i64::MAX));
        let offset = ahead.next().map_or(from + gap, |(_, offset)| *offset);
        self.written.insert((partition, offset));
        if self.next.insert(partition, offset + 1).is_none() && self.was_assigned(partition) {
            self.test.assign(TOPIC, partition);
        }
        self.test.record(TOPIC, partition, offset, "");
    }

    fn was_assigned(&self, partition: i32) -> bool {
        self.notes().lock().assignments.contains_key(&partition)
    }

    fn commit(&mut self, partition: i32, offset: i64) {
        let before = self.committed.insert(partition, offset).unwrap_or(0);
        assert!(
            before <= offset,
            "partition {partition} went back to {offset}"
        );
    }

    fn give_up(&mut self, partition: i32, way: fn(&mut Drive<G>, &str, i32)) {
        if self.next.remove(&partition).is_none() {
            return;
        }
        let unfinished = self.test.unfinished();
        let of = unfinished.iter().filter(|at| at.partition == partition);
        self.gone += of.count() as u64;
        way(&mut self.test, TOPIC, partition);
        if let Some(offset) = self.test.healed(TOPIC, partition) {
            self.commit(partition, offset);
        }
        *self
            .notes()
            .lock()
            .assignments
            .entry(partition)
            .or_default() += 1;
    }

    /// What must hold at every moment.
    fn check(&self) {
        self.check_noted();
        for partition in 0..PARTITIONS {
            self.check_partition(partition);
        }
        if self.test.calls().is_empty() {
            assert_eq!(self.test.queued(), 0, "{:?}", self.test);
            self.check_held();
        }
    }

    fn check_noted(&self) {
        let noted = self.notes().lock();
        assert!(noted.wrong.is_empty(), "{:?}", noted.wrong);
        drop(noted);
        assert_eq!(self.test.halted(), None);
    }

    /// Where no call is under way, each operator holds values of unfinished records only, and of each not too many.
    fn check_held(&self) {
        let held = self.test.held();
        let unfinished = self.test.unfinished().len();
        let all: usize = held.iter().map(|held| held.values).sum();
        assert!(unfinished <= all, "nobody holds them: {:?}", self.test);
        let at_most = unfinished * G::Resources::VALUES;
        let of_the_gone = held.iter().find(|held| held.values > at_most);
        assert_eq!(of_the_gone, None, "{:?}", self.test);
    }

    fn check_partition(&self, partition: i32) {
        let Some(position) = self.test.healed(TOPIC, partition) else {
            return;
        };
        let unfinished = self.test.unfinished();
        let mut unfinished = unfinished.iter().filter(|at| at.partition == partition);
        assert!(unfinished.all(|at| position <= at.offset));
        for (_, offset) in self.written.range((partition, 0)..(partition, position)) {
            if let Some(missing) = self.test.resources().missing(partition, *offset) {
                panic!("{partition}@{offset} could be committed, but {missing}");
            }
        }
    }

    /// Everything answers, and time goes on: nothing is left but what is held for ever.
    fn finish(mut self) {
        self.test.settle();
        self.check();
        self.test.release_answers();
        self.test.advance(Duration::from_secs(60));
        self.check();
        assert!(self.test.calls().is_empty(), "{:?}", self.test);
        let held = self.test.held();
        let stays = |name| G::Resources::HOLDS.contains(name);
        assert!(held.iter().all(|held| stays(&held.operator)), "{held:?}");
        let held: usize = held.iter().map(|held| held.values).sum();
        assert_eq!(self.test.unfinished().len(), held);
        let read = self.notes().lock().read.len() as u64;
        let left = held as u64;
        let end = self.test.end();
        assert!(end.finished + left <= read, "more than was read");
        assert!(
            end.finished + left + self.gone >= read,
            "less than was read"
        );
        if held == 0 {
            for (partition, next) in &self.next {
                assert_eq!(self.test.healed(TOPIC, *partition), Some(*next));
            }
        }
    }
}
