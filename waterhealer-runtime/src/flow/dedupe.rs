//! The dedupe store as the consumer thread deals with it: what is finished is asked for when a partition comes, and no
//! record is taken before the answer is there; what is committed is told. It never waits but for a flush, and that not long.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use super::notes::place;
use crate::broker::{Assigned, Commit};
use crate::ledger::Finished;
use crate::store::{Answer, Keeper, Place};

/// What a flush is given at least, when the work before it has used up the time.
const AT_LEAST: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Dedupe {
    keeper: Arc<Keeper>,
    group: Arc<str>,
    asked: Vec<Asked>,
    /// Those that are held, by the names in commits.
    places: HashMap<(Arc<str>, i32), Arc<Place>>,
}

/// A partition that has come, with what is known of it already.
#[derive(Debug)]
struct Asked {
    assigned: Arc<Assigned>,
    known: Finished,
    answer: Receiver<Answer>,
}

impl Dedupe {
    pub(super) fn new(keeper: Arc<Keeper>, group: &str) -> Self {
        Dedupe {
            keeper,
            group: Arc::from(group),
            asked: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Asks what is finished of a partition that has come; `known` is what is known from elsewhere.
    pub(super) fn ask(&mut self, assigned: Arc<Assigned>, known: Finished) {
        let place = place(&self.group, &assigned);
        let name = (Arc::clone(&assigned.topic), assigned.partition);
        self.places.insert(name, Arc::clone(&place));
        let answer = self.keeper.ask(place);
        self.asked.push(Asked {
            assigned,
            known,
            answer,
        });
    }

    /// The partitions of which the store has answered, each with all that is finished.
    pub(super) fn answered(&mut self) -> Vec<(Arc<Assigned>, Finished)> {
        let mut ready = Vec::new();
        let mut waiting = Vec::new();
        for asked in self.asked.drain(..) {
            let runs = match asked.answer.try_recv() {
                Ok(answer) => answer,
                Err(TryRecvError::Empty) => {
                    waiting.push(asked);
                    continue;
                }
                // The clerk is gone, and the pipeline with it.
                Err(TryRecvError::Disconnected) => Vec::new(),
            };
            ready.push((asked.assigned, with(asked.known, runs)));
        }
        self.asked = waiting;
        ready
    }

    /// Whether the store has not answered of some partition.
    pub(super) fn is_waiting(&self) -> bool {
        !self.asked.is_empty()
    }

    /// These partitions are somebody else's now.
    pub(super) fn give_up(&mut self, gone: &[Arc<Assigned>]) {
        self.asked
            .retain(|asked| !gone.iter().any(|gone| gone.epoch == asked.assigned.epoch));
    }

    /// The broker has confirmed these positions.
    pub(super) fn committed(&self, confirmed: &[Commit]) {
        let known = confirmed.iter().filter_map(|commit| {
            let name = (Arc::clone(&commit.topic), commit.partition);
            Some((Arc::clone(self.places.get(&name)?), commit.offset))
        });
        self.keeper.commit(known);
    }

    /// Waits until the store knows what is finished, so that the next owner does.
    pub(super) fn flush(&self, left: Duration) {
        if !self.keeper.flush(left.max(AT_LEAST)) {
            tracing::warn!(
                "the dedupe store was not told in time of all that is finished; the next owner may do some of it again"
            );
        }
    }

    /// Finished records that the store was not told of, since it was away.
    pub(super) fn untold(&self) -> u64 {
        self.keeper.untold()
    }
}

/// What is known, and these runs.
fn with(mut known: Finished, runs: Vec<std::ops::Range<i64>>) -> Finished {
    let Some(first) = runs.first() else {
        return known;
    };
    let mut found = Finished::new(first.start);
    for run in runs {
        found.insert_run(run);
    }
    known.merge(&found);
    known
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::slots::Slots;
    use super::*;
    use crate::store::{self, Noted, Outages, Settings, Target};

    #[test]
    fn a_partition_given_up_meanwhile_leaves_the_answers_of_the_others_alone() {
        let settings = Settings {
            target: Target::Memory,
            outages: Outages::Block,
            max_entries: 1_000,
            max_age: Duration::from_secs(60),
        };
        let memory = store::open(&settings, Duration::ZERO).unwrap();
        let (keeper, clerk) = Keeper::new(memory, Outages::Block, 1_000);
        let mut dedupe = Dedupe::new(Arc::clone(&keeper), "billing");
        let mut slots = Slots::new(1);
        let assigned: Vec<_> = (0..4)
            .map(|partition| slots.assign("orders", partition, 0))
            .collect();
        for assigned in &assigned {
            let first = i64::from(assigned.partition) * 10;
            keeper.note(Noted {
                finished: vec![(
                    place(&dedupe.group, assigned),
                    std::iter::once(first..first + 5).collect(),
                )],
                records: 5,
            });
        }
        let mut known = Finished::new(0);
        known.insert(1_000);
        for assigned in &assigned {
            dedupe.ask(Arc::clone(assigned), known.clone());
        }
        dedupe.give_up(&[Arc::clone(&assigned[0]), Arc::clone(&assigned[3])]);
        // Nothing is answered before the clerk works.
        assert!(dedupe.answered().is_empty() && dedupe.is_waiting());
        let clerk = std::thread::spawn(move || clerk.run());
        let until = Instant::now() + Duration::from_secs(30);
        let mut ready = Vec::new();
        while dedupe.is_waiting() {
            assert!(Instant::now() < until, "the store answers");
            ready.extend(dedupe.answered());
        }
        let found = ready.iter().map(|(assigned, finished)| {
            let runs: Vec<_> = finished.runs().collect();
            (assigned.partition, runs)
        });
        // Who is answered first is the clerk's to say.
        let mut found: Vec<_> = found.collect();
        found.sort_unstable_by_key(|(partition, _)| *partition);
        let expected = [
            (1, vec![10..15, 1_000..1_001]),
            (2, vec![20..25, 1_000..1_001]),
        ];
        assert_eq!(found, expected);
        keeper.close();
        clerk.join().unwrap();
    }
}
