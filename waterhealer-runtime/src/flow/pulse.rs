//! Whether a running pipeline is alive: when its consumer thread polled last, and whether a watchdog has asked for the end.
//! What a watchdog is, and when it asks, is `lifecycle`'s.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::control::{Control, Phase};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The last sign of life of the consumer thread.
#[derive(Debug)]
pub(super) struct Pulse {
    start: Instant,
    /// Milliseconds from the start to the last poll, and one; 0 before the first.
    last: AtomicU64,
    /// Milliseconds that may lie between two polls; 0 before somebody has said so.
    within: AtomicU64,
    /// Why a watchdog ends the pipeline.
    alarm: Mutex<Option<String>>,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Pulse {
            start: Instant::now(),
            last: AtomicU64::new(0),
            within: AtomicU64::new(0),
            alarm: Mutex::new(None),
        }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX - 1)
    }
}

impl Control {
    /// The consumer thread polls.
    pub(crate) fn beat(&self) {
        let now = self.pulse.millis() + 1;
        self.pulse.last.store(now, Ordering::Relaxed);
    }

    /// Another number for each poll, as far as they are a millisecond apart; 0 before the first.
    pub(crate) fn polls(&self) -> u64 {
        self.pulse.last.load(Ordering::Relaxed)
    }

    /// As long as this the consumer thread may be without a poll and be in order.
    pub(crate) fn expect_polls(&self, within: Duration) {
        let within = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        self.pulse.within.store(within, Ordering::Relaxed);
    }

    /// A watchdog asks for the end; the first stays.
    pub(crate) fn raise_alarm(&self, why: String) {
        self.alarm().get_or_insert(why);
    }

    /// Whether the consumer thread polls and no watchdog has asked for the end; whether brokers are there is not asked.
    ///
    /// # Errors
    /// What is wrong, for people.
    pub(crate) fn health(&self) -> Result<(), String> {
        if let Some(why) = &*self.alarm() {
            return Err(why.clone());
        }
        let (last, within) = (self.polls(), self.pulse.within.load(Ordering::Relaxed));
        let silent = self.pulse.millis().saturating_sub(last);
        // Before the first poll it starts, and after the last it has ended; both have their own time.
        if last == 0 || within == 0 || silent <= within || self.phase() == Phase::Stopped {
            return Ok(());
        }
        Err(format!(
            "the consumer thread has not polled for {}",
            humantime::format_duration(Duration::from_secs(silent / 1_000))
        ))
    }

    fn alarm(&self) -> MutexGuard<'_, Option<String>> {
        let alarm = self.pulse.alarm.lock();
        alarm.unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
