//! What is counted beside the records: rebalances, commits and how long they took, dead letters, tickets that leaked. Counted
//! where it happens, read by whoever looks.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use crate::sync::Mutex;
use crate::sync::atomic::{AtomicU64, Ordering};

/// Counts since the start.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) assigned: AtomicU64,
    pub(crate) revoked: AtomicU64,
    pub(crate) lost: AtomicU64,
    pub(crate) commits_failed: AtomicU64,
    pub(crate) commit_times: Times,
    /// Tickets that were dropped: it must stay 0.
    pub(crate) leaked: AtomicU64,
    /// By node, and the kind of failure.
    letters: Mutex<BTreeMap<(usize, &'static str), u64>>,
}

impl Counts {
    /// One more dead letter is acknowledged, of a record that failed at this node.
    pub(super) fn count_letter(&self, node: usize, kind: &'static str) {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        *letters.entry((node, kind)).or_default() += 1;
    }

    /// Dead letters by node and kind of failure.
    pub(crate) fn letters(&self) -> BTreeMap<(usize, &'static str), u64> {
        self.letters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Upper bounds of the buckets, in milliseconds; what takes longer is in none.
const BOUNDS: [u64; 12] = [
    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
];

/// How long something took, in buckets.
#[derive(Debug, Default)]
pub(crate) struct Times {
    buckets: [AtomicU64; BOUNDS.len()],
    count: AtomicU64,
    nanos: AtomicU64,
}

impl Times {
    pub(super) fn note(&self, took: Duration) {
        let millis = took.as_secs_f64() * 1_000.0;
        let bucket = BOUNDS.iter().position(|bound| millis <= *bound as f64);
        if let Some(bucket) = bucket.and_then(|index| self.buckets.get(index)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// How many took at most so many seconds, for each bound.
    pub(crate) fn cumulative(&self) -> Vec<(f64, u64)> {
        let buckets = BOUNDS.iter().zip(&self.buckets);
        let sums = buckets.scan(0, |sum, (bound, bucket)| {
            *sum += bucket.load(Ordering::Relaxed);
            Some((*bound as f64 / 1_000.0, *sum))
        });
        sums.collect()
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(crate) fn seconds(&self) -> f64 {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed)).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_the_bucket_that_it_just_fits_and_in_all_above() {
        let times = Times::default();
        for millis in [5, 6, 40_000] {
            times.note(Duration::from_millis(millis));
        }
        let cumulative = times.cumulative();
        assert_eq!(cumulative.first(), Some(&(0.005, 1)));
        assert_eq!(cumulative.get(1), Some(&(0.01, 2)));
        assert_eq!(cumulative.last(), Some(&(30.0, 2)));
        assert_eq!((times.count(), times.seconds()), (3, 40.011));
    }

    #[test]
    fn dead_letters_are_counted_by_stage_and_kind() {
        let counts = Counts::default();
        for (node, kind) in [(1, "error"), (1, "timeout"), (1, "error")] {
            counts.count_letter(node, kind);
        }
        let letters = counts.letters().into_iter().collect::<Vec<_>>();
        assert_eq!(letters, [((1, "error"), 2), ((1, "timeout"), 1)]);
    }
}
