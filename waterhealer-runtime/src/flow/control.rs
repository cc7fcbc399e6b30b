//! What everybody may ask of a running pipeline and see of it: stop, pause, halted, phase, partitions, counts.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Duration;

use super::board::Board;
use super::counts::Counts;
use super::inside::Inside;
use super::pulse::Pulse;
use super::taken::Taken;
use crate::broker::Assigned;
use crate::config::MAX_LANES;
use crate::error::Failure;
use crate::failures::Failures;
use crate::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use crate::sync::{Condvar, Mutex, MutexGuard};
use crate::types::{EmitId, Position};

/// Shared by the handle, the lane and the consumer thread.
#[derive(Debug)]
pub(crate) struct Control {
    stop: AtomicBool,
    paused: AtomicBool,
    /// A bit for each lane, set if it has work to do or time to wait for: none is set when nothing moves until something new
    /// comes.
    busy: AtomicU64,
    /// Everything is read of the files that sources read, and taken by the lane.
    all_read: AtomicBool,
    phase: AtomicU8,
    halt: Mutex<Option<Halt>>,
    changed: Condvar,
    partitions: Mutex<Taken>,
    /// What the lanes show of themselves.
    pub(crate) board: Board,
    /// What has failed, and where that is kept.
    pub(crate) failures: Arc<Failures>,
    pub(crate) finished: AtomicU64,
    pub(crate) skipped: AtomicU64,
    pub(crate) dead_lettered: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) passed_over: AtomicU64,
    /// Finished records that the dedupe store was not told of.
    pub(crate) untold: AtomicU64,
    pub(crate) calls: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(super) pulse: Pulse,
    pub(crate) counts: Counts,
    pub(crate) inside: Inside,
    /// Where it answers over HTTP.
    http: OnceLock<SocketAddr>,
}

/// Why the pipeline halts.
#[derive(Debug)]
pub(crate) struct Halt {
    pub(crate) stage: &'static str,
    pub(crate) position: Position,
    /// `None` where it was no record that failed.
    pub(crate) emit_id: Option<EmitId>,
    pub(crate) failure: Failure,
}

/// What a pipeline is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// Not started, or waiting for its first partitions.
    Starting = 0,
    /// Reading and working.
    Running = 1,
    /// Asked to hold: no new records are taken.
    Paused = 2,
    /// Finishing what is under way.
    Draining = 3,
    /// Ended.
    Stopped = 4,
}

impl Control {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Control {
            stop: AtomicBool::new(false),
            paused: AtomicBool::new(false),
            busy: AtomicU64::new(1),
            all_read: AtomicBool::new(false),
            phase: AtomicU8::new(Phase::Starting as u8),
            halt: Mutex::new(None),
            changed: Condvar::new(),
            partitions: Mutex::default(),
            board: Board::default(),
            failures: Arc::default(),
            finished: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            dead_lettered: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            passed_over: AtomicU64::new(0),
            untold: AtomicU64::new(0),
            calls: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            pulse: Pulse::new(),
            counts: Counts::default(),
            inside: Inside::default(),
            http: OnceLock::new(),
        })
    }

    pub(crate) fn stop(&self) {
        let _order = self.lock_halt();
        self.stop.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    pub(crate) fn pause(&self, paused: bool) {
        let _order = self.lock_halt();
        self.paused.store(paused, Ordering::Release);
        self.changed.notify_all();
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    /// So many lanes are about to start.
    pub(crate) fn expect_lanes(&self, lanes: usize) {
        self.busy.store(
            u64::MAX >> (64 - lanes.clamp(1, MAX_LANES)),
            Ordering::SeqCst,
        );
    }

    /// A lane has come to rest, or is about to take something up.
    pub(super) fn set_rest(&self, lane: usize, rest: bool) {
        let bit = 1 << (lane % MAX_LANES);
        match rest {
            true => self.busy.fetch_and(!bit, Ordering::SeqCst),
            false => self.busy.fetch_or(bit, Ordering::SeqCst),
        };
    }

    /// Whether no lane has anything to do until something new comes: what is not finished is held for more.
    pub(super) fn are_at_rest(&self) -> bool {
        self.busy.load(Ordering::SeqCst) == 0
    }

    /// As [`are_at_rest`](Control::are_at_rest), of one lane.
    pub(crate) fn is_at_rest(&self, lane: usize) -> bool {
        self.busy.load(Ordering::SeqCst) & (1 << (lane % MAX_LANES)) == 0
    }

    /// The lane has taken the last of what there is in files.
    pub(super) fn note_all_read(&self) {
        let _order = self.lock_halt();
        self.all_read.store(true, Ordering::SeqCst);
        self.changed.notify_all();
    }

    /// Whether the lane has taken the last of what there is in files.
    pub(super) fn has_read_all(&self) -> bool {
        self.all_read.load(Ordering::SeqCst)
    }

    /// Whether the files that sources read are read to their ends and what came of them is finished, or held by operators
    /// that wait for more. The lanes' rest is asked for last: it ends before a lane takes anything.
    pub(super) fn is_done_with_files(&self) -> bool {
        self.has_read_all() && self.are_at_rest()
    }

    /// Keeps the first reason to halt; later ones follow from the same end.
    pub(super) fn halt(&self, halt: Halt) {
        let mut first = self.lock_halt();
        if first.is_none() {
            *first = Some(halt);
        }
        self.changed.notify_all();
    }

    pub(super) fn is_halted(&self) -> bool {
        self.lock_halt().is_some()
    }

    pub(crate) fn take_halt(&self) -> Option<Halt> {
        self.lock_halt().take()
    }

    /// Waits for a stop, a pause or a halt, at most so long.
    pub(super) fn wait(&self, at_most: Duration) {
        let halt = self.lock_halt();
        if halt.is_none() && !self.is_stopping() {
            let _woken = self
                .changed
                .wait_timeout(halt, at_most)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// One more answer to a commit, and how long it took.
    pub(super) fn count_commit(&self, confirmed: bool, took: Duration) {
        let count = match confirmed {
            true => &self.commits,
            false => &self.counts.commits_failed,
        };
        count.fetch_add(1, Ordering::Relaxed);
        self.counts.note_commit(took);
    }

    /// Notes where it answers over HTTP.
    pub(crate) fn set_http(&self, address: SocketAddr) {
        // Once: a pipeline is run once.
        let _again = self.http.set(address);
    }

    /// Where it answers over HTTP, if it does.
    pub(crate) fn http(&self) -> Option<SocketAddr> {
        self.http.get().copied()
    }

    pub(crate) fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Starting,
            1 => Phase::Running,
            2 => Phase::Paused,
            3 => Phase::Draining,
            _ => Phase::Stopped,
        }
    }

    pub(crate) fn show(&self, partitions: Vec<Arc<Assigned>>) {
        self.lock_partitions().show(partitions);
    }

    /// Records that this process had taken before, and took again.
    pub(crate) fn taken_again(&self) -> u64 {
        self.lock_partitions().again()
    }

    pub(crate) fn partitions(&self) -> Vec<Arc<Assigned>> {
        self.lock_partitions().held().to_vec()
    }

    fn lock_partitions(&self) -> MutexGuard<'_, Taken> {
        self.partitions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_halt(&self) -> MutexGuard<'_, Option<Halt>> {
        self.halt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
