//! The last failures, in memory, and the queues of those who keep them elsewhere. All lanes and whoever looks share it.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};

use super::FailedCall;
use super::queue::Queue;
use super::redact::Redactor;
use super::report::Report;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicU64, Ordering};

/// So many are remembered, and no more than so many bytes of them.
const LAST: usize = 100;
const BYTES: usize = 16 << 20;

/// The failures of a pipeline.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    last: Mutex<Last>,
    counts: Counts,
}

/// What became of failures that were to be kept elsewhere; of each place they go to.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) kept: AtomicU64,
    pub(super) dropped: AtomicU64,
    pub(super) refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Last {
    /// Each with its number, the oldest first.
    reports: VecDeque<(u64, Arc<Report>)>,
    /// How many there were.
    number: u64,
    bytes: usize,
    redactor: Redactor,
    queues: Vec<Arc<Queue>>,
}

impl Failures {
    /// One more failure. Never waits for anybody but who looks at the last ones.
    pub(crate) fn put(&self, report: Report) {
        let report = Arc::new(report);
        let mut last = self.lock();
        for queue in &last.queues {
            queue.put(Arc::clone(&report), &self.counts);
        }
        last.bytes += report.size();
        last.number += 1;
        let number = last.number;
        last.reports.push_back((number, report));
        while last.reports.len() > LAST || last.bytes > BYTES {
            let Some((_, oldest)) = last.reports.pop_front() else {
                break;
            };
            last.bytes = last.bytes.saturating_sub(oldest.size());
        }
    }

    /// Those that came after the one of this number, oldest first, as far as they are remembered, each with its number and as it
    /// may leave the process.
    pub(crate) fn after(&self, number: u64) -> Vec<(u64, FailedCall)> {
        let (reports, redactor) = {
            let last = self.lock();
            let newer = last.reports.iter().filter(|(at, _)| *at > number);
            (newer.cloned().collect::<Vec<_>>(), last.redactor.clone())
        };
        let calls = reports
            .iter()
            .filter_map(|(at, report)| Some((*at, report.call(&redactor)?)));
        calls.collect()
    }

    /// From now on this is left out.
    pub(crate) fn redact(&self, redactor: Redactor) {
        self.lock().redactor = redactor;
    }

    /// One more place where failures are kept from now on.
    pub(super) fn add(&self, queue: Arc<Queue>) {
        self.lock().queues.push(queue);
    }

    /// What is left out.
    pub(super) fn redactor(&self) -> Redactor {
        self.lock().redactor.clone()
    }

    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many were kept elsewhere.
    pub(crate) fn kept(&self) -> u64 {
        self.counts.kept.load(Ordering::Relaxed)
    }

    /// How many were not, since they came too fast.
    pub(crate) fn dropped(&self) -> u64 {
        self.counts.dropped.load(Ordering::Relaxed)
    }

    /// How many were not, since that failed in turn.
    pub(crate) fn refused(&self) -> u64 {
        self.counts.refused.load(Ordering::Relaxed)
    }

    fn lock(&self) -> crate::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
