//! What lanes say of their inside when somebody asks: which records block, how full the stages are. They are asked, because
//! looking costs time; a lane that is stuck in a stage does not answer.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError};

use super::search::{Blocking, Queued};
use crate::observe::{Here, Place};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The questions to the lanes, and their last answers.
#[derive(Default)]
pub(crate) struct Inside {
    /// How often it was asked.
    asked: AtomicU64,
    /// Wakes the lanes.
    wake: OnceLock<Box<dyn Fn() + Send + Sync>>,
    /// By lane.
    answers: Mutex<Vec<Answer>>,
    /// In which call each lane is; that can be seen even of one that is stuck.
    places: Mutex<Vec<(usize, Arc<Place>)>>,
}

#[derive(Debug, Default)]
struct Answer {
    /// Which question it answers.
    number: u64,
    blocking: Vec<Blocking>,
    queues: Vec<Queued>,
}

impl Inside {
    /// From now on lanes can be asked: there are so many.
    pub(crate) fn open(&self, lanes: usize, wake: impl Fn() + Send + Sync + 'static) {
        self.lock().resize_with(lanes, Answer::default);
        // Once: a pipeline is run once.
        drop(self.wake.set(Box::new(wake)));
    }

    /// Asks all lanes; the answers come soon.
    pub(crate) fn ask(&self) -> u64 {
        let number = self.asked.fetch_add(1, Ordering::AcqRel) + 1;
        if let Some(wake) = self.wake.get() {
            wake();
        }
        number
    }

    /// Whether all lanes have answered this question, or a later one.
    pub(crate) fn is_answered(&self, number: u64) -> bool {
        self.lock().iter().all(|answer| answer.number >= number)
    }

    /// The question that a lane has not answered yet.
    pub(super) fn open_question(&self, lane: usize) -> Option<u64> {
        let asked = self.asked.load(Ordering::Acquire);
        if asked == 0 {
            return None;
        }
        let answered = self.lock().get(lane).map_or(0, |answer| answer.number);
        (answered < asked).then_some(asked)
    }

    /// A lane's answer.
    pub(super) fn answer(&self, lane: usize, number: u64, found: (Vec<Blocking>, Vec<Queued>)) {
        if let Some(answer) = self.lock().get_mut(lane) {
            *answer = Answer {
                number,
                blocking: found.0,
                queues: found.1,
            };
        }
    }

    /// From now on this lane's place can be seen.
    pub(super) fn see_place(&self, lane: usize, place: &Arc<Place>) {
        let places = self.places.lock();
        let mut places = places.unwrap_or_else(PoisonError::into_inner);
        places.push((lane, Arc::clone(place)));
    }

    /// In which calls lanes are right now; those between two records are left out.
    pub(crate) fn under_way(&self) -> Vec<(usize, Here)> {
        let places = self.places.lock();
        let places = places.unwrap_or_else(PoisonError::into_inner);
        let calls = places.iter();
        calls
            .filter_map(|(lane, place)| Some((*lane, place.here()?)))
            .collect()
    }

    /// The records that block, as the lanes last said.
    pub(crate) fn blocking(&self) -> Vec<Blocking> {
        let answers = self.lock();
        let blocking = answers.iter().flat_map(|answer| &answer.blocking);
        blocking.copied().collect()
    }

    /// How full the stages are, in all lanes together, as they last said.
    pub(crate) fn queues(&self) -> Vec<Queued> {
        let answers = self.lock();
        let mut sums: Vec<Queued> = Vec::new();
        for queue in answers.iter().flat_map(|answer| &answer.queues) {
            match sums.iter_mut().find(|sum| sum.node == queue.node) {
                Some(sum) => {
                    sum.depth += queue.depth;
                    sum.capacity += queue.capacity;
                }
                None => sums.push(*queue),
            }
        }
        sums
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Answer>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inside")
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn a_question_is_answered_once_all_lanes_have() {
        let (inside, woken) = (Inside::default(), Arc::new(AtomicUsize::new(0)));
        assert_eq!(inside.open_question(0), None, "nobody has asked");
        let waking = Arc::clone(&woken);
        inside.open(2, move || {
            waking.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        let number = inside.ask();
        assert_eq!(woken.load(std::sync::atomic::Ordering::Relaxed), 1);
        let queue = Queued {
            node: 1,
            depth: 2,
            capacity: 4,
        };
        for lane in [0, 1] {
            assert!(!inside.is_answered(number));
            assert_eq!(inside.open_question(lane), Some(number));
            inside.answer(lane, number, (Vec::new(), vec![queue]));
            assert_eq!(inside.open_question(lane), None);
        }
        assert!(inside.is_answered(number));
        let all = inside.queues();
        assert_eq!((all.len(), all[0].depth, all[0].capacity), (1, 4, 8));
    }
}
