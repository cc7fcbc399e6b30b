//! One assignment of one partition as the consumer thread and the lane both know it, and the figures that each
//! publishes of it. Nothing here decides anything.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use super::consumer::At;
use super::pending::Pending;
use crate::done_set::{Lineage, TopicId, encode};
use crate::ledger::{Epoch, Finished, SlotId};
use crate::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};
use crate::types::Stream;

/// One assignment of one partition.
#[derive(Debug)]
pub(crate) struct Assigned {
    pub(crate) slot: SlotId,
    pub(crate) epoch: Epoch,
    pub(crate) topic: Arc<str>,
    pub(crate) partition: i32,
    /// How emit ids name its topic.
    pub(crate) stream: Stream,
    /// The lane that works on it.
    pub(crate) lane: usize,
    /// The source node that reads it.
    pub(crate) source: usize,
    pub(crate) opening: Opening,
    pub(crate) figures: Figures,
}

/// What is known of a partition when it is assigned; it holds for as long as the assignment does.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Opening {
    /// Which topic of that name it is; `None` if the brokers do not say.
    pub(crate) topic: Option<TopicId>,
    /// Which life of its offsets, where a dedupe store is kept.
    pub(crate) lineage: Option<Lineage>,
    /// Where it begins; `None` leaves that to the client, which asks what is committed.
    pub(crate) begin: Option<At>,
    /// Whether what is finished above the position goes with its commits.
    pub(crate) done_set: bool,
}

impl Assigned {
    /// What a commit of this position says beside it: which topic it is of, and what is finished above it.
    pub(crate) fn metadata(&self, position: i64) -> String {
        encode(
            self.opening.topic.as_ref().map(TopicId::tag),
            self.opening.lineage,
            position,
            &self.figures.finished().above,
        )
    }

    /// The lowest offset that may come next, or is in flight; `None` if it is not known.
    pub(crate) fn next(&self) -> Option<i64> {
        self.figures.position().or(match self.opening.begin {
            Some(At::Offset(offset)) => Some(offset),
            _ => None,
        })
    }

    /// Records between what is committed and the end of the log; `None` as long as one of the two is not known.
    pub(crate) fn lag(&self) -> Option<u64> {
        let end = self.figures.log_end()?;
        let from = self.figures.uncommitted_from().or(self.next())?;
        Some(end.saturating_sub(from).max(0).unsigned_abs())
    }
}

/// What is known of an assignment from outside the lane. Numbers are published between records.
#[derive(Debug)]
pub(crate) struct Figures {
    /// The first offset that was taken from the client.
    first: AtomicI64,
    /// One past the last offset that was taken.
    past: AtomicI64,
    position: AtomicI64,
    passed: AtomicU64,
    taken: AtomicU64,
    /// One past the highest offset that was taken, as far as it is known without looking at each record.
    taken_to: AtomicI64,
    /// The same of earlier assignments of this process.
    taken_before: AtomicI64,
    /// Records taken below that.
    again: AtomicU64,
    /// One past the last record of the log, as was last heard.
    log_end: AtomicI64,
    committed: AtomicI64,
    /// Where the client stands, if that is past the last record. The consumer thread's, as the next.
    beyond: AtomicI64,
    /// The client has met an error here, and where it stands is not to be trusted.
    stumbled: AtomicBool,
    paused: AtomicBool,
    doubled: AtomicU32,
    weights: Mutex<Weights>,
    finished: Mutex<Above>,
}

/// What is finished above the position.
#[derive(Debug, Default)]
struct Above {
    /// As the lane last said. What was finished once stays so: a position published later only makes some of it needless.
    above: Finished,
    /// What the broker has confirmed beside the committed position.
    confirmed: String,
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
    pending: Pending,
}

/// Records between two marks, at least: what is in flight is known as exactly as that.
const MARK_EVERY: u64 = 256;

const NOWHERE: i64 = -1;

impl Figures {
    pub(crate) fn new() -> Self {
        Figures {
            first: AtomicI64::new(NOWHERE),
            past: AtomicI64::new(NOWHERE),
            position: AtomicI64::new(NOWHERE),
            passed: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            taken_to: AtomicI64::new(NOWHERE),
            taken_before: AtomicI64::new(NOWHERE),
            again: AtomicU64::new(0),
            log_end: AtomicI64::new(NOWHERE),
            committed: AtomicI64::new(NOWHERE),
            beyond: AtomicI64::new(NOWHERE),
            stumbled: AtomicBool::new(false),
            paused: AtomicBool::new(false),
            doubled: AtomicU32::new(0),
            weights: Mutex::default(),
            finished: Mutex::default(),
        }
    }

    /// The lane: what is finished above the position.
    pub(crate) fn publish_finished(&self, above: Finished) {
        self.finished().above = above;
    }

    /// How many records above the position were finished when the lane last said so.
    pub(crate) fn finished_above(&self) -> u64 {
        self.finished().above.len()
    }

    fn finished(&self) -> MutexGuard<'_, Above> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lane: how far the partition may be committed, and how many records are below that.
    pub(crate) fn publish(&self, position: Option<i64>, passed: u64) {
        self.position
            .store(position.unwrap_or(NOWHERE), Ordering::Release);
        self.passed.store(passed, Ordering::Release);
    }

    /// The consumer thread: how far the partition may be committed. That is where the lane stands; once everything taken is
    /// finished, also where the client stands, past what is no record.
    pub(crate) fn position(&self) -> Option<i64> {
        // Asked first: the lane tells the position before what has passed.
        let idle = self.in_flight() == 0;
        let position = self.position.load(Ordering::Acquire);
        some(match idle {
            true => position.max(self.beyond.load(Ordering::Relaxed)),
            false => position,
        })
    }

    /// The consumer thread: the client stands there, and has handed over every record below.
    pub(crate) fn look_past(&self, offset: i64) {
        if !self.stumbled.load(Ordering::Relaxed) {
            self.beyond.fetch_max(offset, Ordering::Relaxed);
        }
    }

    /// The consumer thread: the client has given an error in place of a record. In batches its position moves past that,
    /// so it is not asked again as long as this assignment lasts.
    pub(crate) fn stumble(&self) {
        self.stumbled.store(true, Ordering::Relaxed);
    }

    /// The consumer thread: so many more records of so many bytes were taken from the client, between these offsets.
    pub(crate) fn take(&self, offsets: RangeInclusive<i64>, records: usize, bytes: usize) {
        if self.first.load(Ordering::Relaxed) == NOWHERE {
            self.first.store(*offsets.start(), Ordering::Relaxed);
        }
        self.past.store(*offsets.end() + 1, Ordering::Relaxed);
        self.count_again(*offsets.start(), records as i64);
        let taken = self.taken.fetch_add(records as u64, Ordering::Relaxed) + records as u64;
        let mut weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        weights.pending.note(*offsets.start(), Instant::now());
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

    fn count_again(&self, offset: i64, records: i64) {
        let before = self.taken_before.load(Ordering::Relaxed);
        if offset < before {
            let again = records.min(before - offset);
            self.again
                .fetch_add(again.unsigned_abs(), Ordering::Relaxed);
        }
        self.taken_to.fetch_max(offset + records, Ordering::Relaxed);
    }

    /// Up to where records were taken in this assignment.
    pub(crate) fn taken_to(&self) -> Option<i64> {
        some(self.taken_to.load(Ordering::Relaxed))
    }

    /// The process has taken records of this partition up to there before.
    pub(crate) fn know_taken_to(&self, end: i64) {
        self.taken_before.store(end, Ordering::Relaxed);
    }

    /// Records of this assignment that the process had taken before. Where the log has gaps it is a little off.
    pub(crate) fn again(&self) -> u64 {
        self.again.load(Ordering::Relaxed)
    }

    /// The log goes up to there.
    pub(crate) fn see_end(&self, end: i64) {
        self.log_end.fetch_max(end, Ordering::Relaxed);
    }

    /// One past the last record of the log, as was last heard.
    pub(crate) fn log_end(&self) -> Option<i64> {
        some(self.log_end.load(Ordering::Relaxed))
    }

    /// The lowest offset that is taken and not finished, and since when it is on its way. Of one that has not reached the lane
    /// yet it is the offset behind the last that has.
    pub(crate) fn pending(&self) -> Option<(i64, Instant)> {
        if self.in_flight() == 0 {
            return None;
        }
        let position = some(self.position.load(Ordering::Acquire));
        let offset = position.or(some(self.first.load(Ordering::Relaxed)))?;
        let mut weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        Some((offset, weights.pending.since(offset)?))
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

    /// From where on everything is that this assignment has taken and not committed; `None` if it has taken nothing.
    pub(crate) fn uncommitted_from(&self) -> Option<i64> {
        self.committed()
            .or_else(|| some(self.first.load(Ordering::Relaxed)))
    }

    /// The consumer thread: the lowest offset that the client may give next; `None` before it has given anything in this
    /// assignment.
    pub(crate) fn past(&self) -> Option<i64> {
        let past = some(self.past.load(Ordering::Relaxed))?;
        Some(past.max(self.beyond.load(Ordering::Relaxed)))
    }

    /// Whether nothing was taken from the client in this assignment, and nothing is known of how far it is. The lane may not
    /// have said yet how far it is with what was taken.
    pub(crate) fn has_nothing(&self) -> bool {
        self.position().is_none() && self.taken.load(Ordering::Relaxed) == 0
    }

    /// Records taken from the client and not yet below the position.
    pub(crate) fn in_flight(&self) -> u64 {
        self.taken
            .load(Ordering::Relaxed)
            .saturating_sub(self.passed.load(Ordering::Acquire))
    }

    /// The broker has confirmed this position, with this metadata beside it; whether it is higher than the one before.
    pub(crate) fn confirm(&self, position: i64, metadata: &str) -> bool {
        let before = self.committed.fetch_max(position, Ordering::AcqRel);
        if before <= position {
            metadata.clone_into(&mut self.finished().confirmed);
        }
        before < position
    }

    /// Whether the broker has other metadata beside this position, or another position.
    pub(crate) fn is_news(&self, position: i64, metadata: &str) -> bool {
        self.committed() != Some(position) || self.finished().confirmed != metadata
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_client_stands_counts_once_all_that_it_gave_is_finished() {
        let figures = Figures::new();
        assert_eq!(figures.position(), None);
        figures.take(0..=2, 3, 30);
        figures.publish(Some(1), 1);
        figures.look_past(7);
        assert_eq!(figures.position(), Some(1), "two are under way");
        figures.publish(Some(3), 3);
        assert_eq!(figures.position(), Some(7));
        figures.take(8..=8, 1, 10);
        assert_eq!(figures.position(), Some(3), "and one more");
        figures.publish(Some(9), 4);
        assert_eq!(figures.position(), Some(9));
    }

    #[test]
    fn the_lowest_unfinished_offset_is_pending_since_it_was_taken() {
        let figures = Figures::new();
        assert_eq!(figures.pending(), None);
        figures.take(7..=8, 2, 20);
        let (offset, since) = figures.pending().unwrap();
        assert_eq!(offset, 7, "the lane has said nothing yet");
        figures.publish(Some(8), 1);
        assert_eq!(figures.pending(), Some((8, since)));
        figures.publish(Some(9), 2);
        assert_eq!(figures.pending(), None);
    }

    #[test]
    fn a_client_that_has_met_an_error_is_not_asked_where_it_stands() {
        let figures = Figures::new();
        figures.stumble();
        figures.look_past(7);
        assert_eq!(figures.position(), None);
    }
}
