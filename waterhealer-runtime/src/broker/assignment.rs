//! One assignment of one partition as the consumer thread and the lane both know it, and the figures that each
//! publishes of it. Nothing here decides anything.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};

use crate::ledger::{Epoch, SlotId};
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};

/// One assignment of one partition.
#[derive(Debug)]
pub(crate) struct Assigned {
    pub(crate) slot: SlotId,
    pub(crate) epoch: Epoch,
    pub(crate) topic: Arc<str>,
    pub(crate) partition: i32,
    /// The lane that works on it.
    pub(crate) lane: usize,
    /// The source node that reads it.
    pub(crate) source: usize,
    pub(crate) figures: Figures,
}

/// What is known of an assignment from outside the lane. Numbers are published between records.
#[derive(Debug)]
pub(crate) struct Figures {
    first: AtomicI64,
    position: AtomicI64,
    passed: AtomicU64,
    taken: AtomicU64,
    committed: AtomicI64,
    paused: AtomicBool,
    doubled: AtomicU32,
    weights: Mutex<Weights>,
}

/// What the records taken from the client weigh. The consumer thread's alone; it is behind a lock because the rest is shared.
#[derive(Debug, Default)]
struct Weights {
    /// Bytes of all records taken.
    taken: u64,
    /// Bytes of those that are known to be below the position.
    passed: u64,
    /// How many records, counted from the first, weigh how much together.
    marks: VecDeque<(u64, u64)>,
}

/// Records between two marks, at least: what is in flight is known as exactly as that.
const MARK_EVERY: u64 = 256;

const NOWHERE: i64 = -1;

impl Figures {
    pub(crate) fn new() -> Self {
        Figures {
            first: AtomicI64::new(NOWHERE),
            position: AtomicI64::new(NOWHERE),
            passed: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            committed: AtomicI64::new(NOWHERE),
            paused: AtomicBool::new(false),
            doubled: AtomicU32::new(0),
            weights: Mutex::default(),
        }
    }

    /// The lane: how far the partition may be committed, and how many records are below that.
    pub(crate) fn publish(&self, position: Option<i64>, passed: u64) {
        self.position
            .store(position.unwrap_or(NOWHERE), Ordering::Release);
        self.passed.store(passed, Ordering::Release);
    }

    /// How far the partition may be committed.
    pub(crate) fn position(&self) -> Option<i64> {
        some(self.position.load(Ordering::Acquire))
    }

    /// The consumer thread: so many more records of so many bytes were taken from the client, from this offset on.
    pub(super) fn take(&self, offset: i64, records: usize, bytes: usize) {
        if self.first.load(Ordering::Relaxed) == NOWHERE {
            self.first.store(offset, Ordering::Relaxed);
        }
        let taken = self.taken.fetch_add(records as u64, Ordering::Relaxed) + records as u64;
        let mut weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        weights.taken += bytes as u64;
        let mark = (taken, weights.taken);
        let count = weights.marks.len();
        let before = count
            .checked_sub(2)
            .and_then(|index| weights.marks.get(index));
        let start = before.map_or(0, |before| before.0);
        match weights.marks.back_mut() {
            Some(last) if last.0 - start < MARK_EVERY => *last = mark,
            _ => weights.marks.push_back(mark),
        }
    }

    /// The consumer thread: bytes of the values and keys of the records in flight.
    pub(crate) fn bytes_in_flight(&self) -> u64 {
        let passed = self.passed.load(Ordering::Acquire);
        let mut weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((_, bytes)) = weights.marks.pop_front_if(|mark| mark.0 <= passed) {
            weights.passed = bytes;
        }
        weights.taken - weights.passed
    }

    /// Where everything is that this assignment has taken and not committed; `None` if it has taken nothing.
    pub(crate) fn begins(&self) -> Option<i64> {
        self.committed()
            .or_else(|| some(self.first.load(Ordering::Relaxed)))
    }

    /// Records taken from the client and not yet below the position.
    pub(crate) fn in_flight(&self) -> u64 {
        self.taken
            .load(Ordering::Relaxed)
            .saturating_sub(self.passed.load(Ordering::Acquire))
    }

    /// The broker has confirmed this position.
    pub(crate) fn confirm(&self, position: i64) {
        self.committed.fetch_max(position, Ordering::AcqRel);
    }

    /// The last position that the broker has confirmed in this assignment.
    pub(crate) fn committed(&self) -> Option<i64> {
        some(self.committed.load(Ordering::Acquire))
    }

    pub(crate) fn set_paused(&self, paused: bool) {
        self.paused.store(paused, Ordering::Relaxed);
    }

    /// How often the bound of what may be in flight was doubled for operators that hold more.
    pub(crate) fn doubled(&self) -> u32 {
        self.doubled.load(Ordering::Relaxed)
    }

    pub(crate) fn set_doubled(&self, doubled: u32) {
        self.doubled.store(doubled, Ordering::Relaxed);
    }

    /// Whether fetching is paused because too much is in flight.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }
}

fn some(position: i64) -> Option<i64> {
    (position != NOWHERE).then_some(position)
}
