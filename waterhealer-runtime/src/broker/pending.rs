//! Since when records are on their way: where the partition was when, as the client gave its records. What keeps one of them
//! is for the lane to say.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Time between two marks, at least: so much too old a record may seem.
const STEP: Duration = Duration::from_millis(100);

/// Marks kept. Past that every second one is dropped: what is pending for so long need not be timed so well.
const MARKS: usize = 1_024;

/// The offset at which the client was at some moments, the older ones first.
#[derive(Debug, Default)]
pub(super) struct Pending {
    marks: VecDeque<(i64, Instant)>,
}

impl Pending {
    /// Records from this offset on were taken now.
    pub(super) fn note(&mut self, offset: i64, now: Instant) {
        let last = self.marks.back();
        if last.is_some_and(|(_, then)| now.duration_since(*then) < STEP) {
            return;
        }
        if self.marks.len() >= MARKS {
            let mut keep = false;
            self.marks.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.marks.push_back((offset, now));
    }

    /// Since when the record at this offset is on its way; what came before it is of no interest any more.
    pub(super) fn since(&mut self, offset: i64) -> Option<Instant> {
        while self.marks.get(1).is_some_and(|(next, _)| *next <= offset) {
            self.marks.pop_front();
        }
        self.marks.front().map(|(_, then)| *then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_on_its_way_since_the_mark_before_it() {
        let (start, mut pending) = (Instant::now(), Pending::default());
        assert_eq!(pending.since(0), None);
        for (offset, millis) in [(0, 0), (50, 40), (100, 100), (200, 3_600_000)] {
            pending.note(offset, start + Duration::from_millis(millis));
        }
        assert_eq!(pending.since(60), Some(start));
        assert_eq!(pending.since(199), Some(start + STEP));
        let later = start + Duration::from_secs(3_600);
        assert_eq!(pending.since(200), Some(later));
        assert_eq!(pending.marks.len(), 1, "what is done with is forgotten");
    }

    #[test]
    fn marks_do_not_grow_without_end() {
        let (start, mut pending) = (Instant::now(), Pending::default());
        for step in 0..10_000 {
            pending.note(i64::from(step), start + STEP * step as u32);
        }
        assert!(pending.marks.len() <= MARKS);
        assert_eq!(pending.since(0), Some(start), "the oldest stays known");
    }
}
