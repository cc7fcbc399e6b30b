//! The dedupe store as the consumer thread deals with it: what is finished is asked for when a partition comes, and no
//! record is taken before the answer is there; what is committed is told. It never waits but for a flush, and that not long.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use super::notes::place;
use crate::broker::{Assigned, Commit};
use crate::ledger::Finished;
use crate::store::{Answer, Keeper, Place, Question};

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

/// Partitions that came together, with what is known of them already.
#[derive(Debug)]
struct Asked {
    /// In the order of the answer; those that were given up meanwhile have left their places empty.
    partitions: Vec<Option<(Arc<Assigned>, Finished)>>,
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

    /// Asks what is finished of partitions that have come. `Finished` is what is known from elsewhere.
    pub(super) fn ask(&mut self, partitions: Vec<(Arc<Assigned>, Finished)>) {
        if partitions.is_empty() {
            return;
        }
        let mut questions = Vec::with_capacity(partitions.len());
        for (assigned, _) in &partitions {
            let place = place(&self.group, assigned);
            let name = (Arc::clone(&assigned.topic), assigned.partition);
            self.places.insert(name, Arc::clone(&place));
            questions.push(Question {
                place,
                committed: None,
            });
        }
        let answer = self.keeper.ask(questions);
        self.asked.push(Asked {
            partitions: partitions.into_iter().map(Some).collect(),
            answer,
        });
    }

    /// The partitions of which the store has answered, each with all that is finished.
    pub(super) fn answered(&mut self) -> Vec<(Arc<Assigned>, Finished)> {
        let mut ready = Vec::new();
        self.asked.retain_mut(|asked| {
            let answer = match asked.answer.try_recv() {
                Ok(answer) => answer,
                Err(TryRecvError::Empty) => return true,
                // The clerk is gone, and the pipeline with it.
                Err(TryRecvError::Disconnected) => Vec::new(),
            };
            let mut answer = answer.into_iter();
            for partition in asked.partitions.drain(..) {
                let runs = answer.next().unwrap_or_default();
                if let Some((assigned, known)) = partition {
                    ready.push((assigned, with(known, runs)));
                }
            }
            false
        });
        ready
    }

    /// Whether the store has not answered of some partition.
    pub(super) fn is_waiting(&self) -> bool {
        !self.asked.is_empty()
    }

    /// These partitions are somebody else's now.
    pub(super) fn give_up(&mut self, gone: &[Arc<Assigned>]) {
        for asked in &mut self.asked {
            for place in &mut asked.partitions {
                place.take_if(|(held, _)| gone.iter().any(|gone| gone.epoch == held.epoch));
            }
        }
        self.asked
            .retain(|asked| asked.partitions.iter().any(Option::is_some));
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
