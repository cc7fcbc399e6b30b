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
        let answer = self.keeper.ask(vec![Question {
            place,
            committed: None,
        }]);
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
                Ok(answer) => answer.into_iter().flatten().collect(),
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
