//! Failures on their way out: they wait in a bounded queue for a clerk, who has one kept after another. Who leaves one never
//! waits; what there is no room for is counted.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Persist;
use super::report::Report;
use super::ring::{Counts, Failures};
use crate::error::{BoxError, Failure};
use crate::guard::guard;

/// So many may wait, and no more than so many bytes of them.
pub(super) const ROOM: usize = 1_000;
const BYTES: usize = 32 << 20;

/// How often it is said that failures are not kept.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Failures that wait to be kept in one place.
#[derive(Debug, Default)]
pub(super) struct Queue {
    inbox: Mutex<Inbox>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Inbox {
    waiting: VecDeque<Arc<Report>>,
    bytes: usize,
    /// Dropped since it was last said.
    dropped: u64,
    closed: bool,
}

/// Who has failures kept in one place.
pub(crate) struct Clerk {
    /// Where they go, without secrets.
    to: String,
    queue: Arc<Queue>,
    place: Box<dyn Persist>,
    failures: Arc<Failures>,
    /// Refused since it was last said, and why the last one was.
    refused: (u64, String),
    said: Option<Instant>,
}

/// By which a clerk is ended.
pub(crate) struct Closing(Arc<Queue>);

impl Queue {
    /// Leaves one, if there is room.
    pub(super) fn put(&self, report: Arc<Report>, counts: &Counts) {
        let size = report.size();
        let mut inbox = self.lock();
        // One alone may be larger than all that may wait.
        let full = !inbox.waiting.is_empty() && inbox.bytes + size > BYTES;
        if inbox.closed || full || inbox.waiting.len() >= ROOM {
            inbox.dropped += 1;
            counts.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        inbox.bytes += size;
        inbox.waiting.push_back(report);
        self.arrived.notify_one();
    }

    fn take(&self) -> Option<Arc<Report>> {
        let mut inbox = self.lock();
        let report = inbox.waiting.pop_front()?;
        inbox.bytes = inbox.bytes.saturating_sub(report.size());
        Some(report)
    }

    /// Waits for something to do; false once nothing comes any more.
    fn wait(&self) -> bool {
        let mut inbox = self.lock();
        while inbox.waiting.is_empty() && !inbox.closed {
            let woken = self.arrived.wait(inbox);
            inbox = woken.unwrap_or_else(PoisonError::into_inner);
        }
        !inbox.waiting.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clerk {
    /// A clerk for these failures, who has them kept here. `to` says where that is, without secrets.
    pub(crate) fn new(failures: &Arc<Failures>, to: String, place: Box<dyn Persist>) -> Self {
        let queue = Arc::new(Queue::default());
        failures.add(Arc::clone(&queue));
        Clerk {
            to,
            queue,
            place,
            failures: Arc::clone(failures),
            refused: (0, String::new()),
            said: None,
        }
    }

    /// By which it is ended.
    pub(crate) fn closing(&self) -> Closing {
        Closing(Arc::clone(&self.queue))
    }

    /// Has failures kept as they come, until it is closed and nothing waits any more.
    pub(crate) fn run(mut self) {
        while self.queue.wait() {
            self.work_off();
        }
        self.said = None;
        self.say();
    }

    /// Has all that wait kept.
    pub(crate) fn work_off(&mut self) {
        let redactor = self.failures.redactor();
        while let Some(report) = self.queue.take() {
            let kept = match report.call(&redactor) {
                Some(call) => self.persist(&call),
                None => Err("the function that is to redact it has panicked".to_owned()),
            };
            let counts = self.failures.counts();
            match kept {
                Ok(()) => {
                    counts.kept.fetch_add(1, Ordering::Relaxed);
                }
                Err(why) => {
                    counts.refused.fetch_add(1, Ordering::Relaxed);
                    self.refused = (self.refused.0 + 1, why);
                }
            }
            self.say();
        }
    }

    fn persist(&mut self, call: &super::FailedCall) -> Result<(), String> {
        let answer: Result<Result<(), BoxError>, Failure> = guard(|| self.place.persist(call));
        match answer {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Failure::error(error).to_string()),
            Err(panic) => Err(panic.to_string()),
        }
    }

    /// Says what was not kept, once in a while.
    fn say(&mut self) {
        if self.said.is_some_and(|said| said.elapsed() < SAY_EVERY) {
            return;
        }
        let dropped = std::mem::take(&mut self.queue.lock().dropped);
        let (refused, why) = std::mem::take(&mut self.refused);
        if dropped + refused > 0 {
            self.said = Some(Instant::now());
            tracing::warn!(to = self.to, dropped, refused, why, "failures are not kept");
        }
    }
}

impl Closing {
    /// Nothing comes any more; what waits is still kept.
    pub(crate) fn close(&self) {
        self.0.lock().closed = true;
        self.0.arrived.notify_one();
    }

    /// What waits is not kept either; how many that are.
    pub(crate) fn give_up(&self) -> usize {
        let mut inbox = self.0.lock();
        inbox.closed = true;
        inbox.bytes = 0;
        std::mem::take(&mut inbox.waiting).len()
    }
}
