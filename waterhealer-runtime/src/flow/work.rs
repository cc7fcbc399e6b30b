//! The lane's loop: it has the crew attend to notices, take values and records in and tell how far it is, and waits when
//! there is nothing to do. Everything here happens on the lane's own thread, between two records.

use std::time::Duration;

use tokio::sync::mpsc;

use super::crew::Crew;
use super::files::Intake;
use super::lane::{Emission, Lane};
use super::pace::Pace;
use super::stages::Graph;
use crate::broker::Batch;
use crate::clock::Moment;
use crate::guard::guard;

/// How often a busy lane shows what its operators hold; one that comes to rest shows it then.
const SHOW_EVERY: Duration = Duration::from_millis(100);

/// Items of files that are taken before records have their turn.
const READ_A_TURN: usize = 1_000;

/// Runs a lane until it is told to end.
pub(crate) fn run<G: Graph>(
    lane: Lane<G::Completion>,
    graph: G,
    emissions: mpsc::Receiver<Emission<G::Emitted>>,
    files: Intake,
) {
    let mut worker = Worker {
        crew: Crew::new(lane, graph, emissions),
        files,
        current: None,
        pace: Pace::new(),
        shown: Moment::default(),
    };
    while !worker.crew.is_ended() {
        // The stages are guarded one by one; this catches what they cannot: a value whose `Drop` panics between them.
        if let Err(failure) = guard(|| worker.turn()) {
            worker.crew.halt_outside(failure);
        }
    }
    worker.crew.close();
}

struct Worker<G: Graph> {
    crew: Crew<G>,
    files: Intake,
    /// The batch that was interrupted, to go on with.
    current: Option<Batch>,
    pace: Pace,
    /// When it was last shown what operators hold.
    shown: Moment,
}

impl<G: Graph> Worker<G> {
    /// One round: notices first, since they may forbid what follows; then records; then the figures.
    fn turn(&mut self) {
        self.crew.attend();
        self.look_at_clock();
        let more_by_hand = self.crew.take_emissions();
        let more_read = self.take_read();
        if self.crew.takes_in()
            && let Some(batch) = self.current.take().or_else(|| self.crew.lane.mailbox.pop())
        {
            self.work(batch);
        }
        if self.crew.is_draining() {
            // It is not gone on with, and the consumer, which is told next, cannot close while it is held.
            self.current = None;
        }
        self.crew.tell();
        let takes_in = self.crew.takes_in();
        let more = takes_in && (self.current.is_some() || more_by_hand || more_read);
        if !more && !self.crew.is_ended() {
            let lane = &self.crew.lane;
            let rest = self.current.is_none() && lane.is_at_rest();
            lane.control.set_rest(rest);
            self.crew.show_held();
            let at_most = [lane.retry_in(), lane.wakes_in()];
            lane.mailbox
                .wait(takes_in, at_most.into_iter().flatten().min());
            // Before anything is taken out of the mailbox, where the consumer thread looks first.
            lane.control.set_rest(false);
        }
    }

    /// Takes a batch through the stages until it ends, a stage is full, or a notice forbids more.
    fn work(&mut self, mut batch: Batch) {
        while let Some((assigned, record)) = batch.next() {
            if self.crew.record(assigned, &record.view(assigned)) && self.pace.step() {
                self.look_at_clock();
            }
            if self.crew.wants_attention() {
                self.crew.attend();
                if !self.crew.takes_in() {
                    self.current = (!batch.is_done()).then_some(batch);
                    return;
                }
                self.crew.tell();
            }
        }
    }

    /// Takes what was read of files, but not so much that records, commits and revokes wait for it. True if there may be
    /// more.
    fn take_read(&mut self) -> bool {
        for _ in 0..READ_A_TURN {
            if !self.crew.takes_in() {
                return false;
            }
            let Some((assigned, item)) = self.files.next(&self.crew.lane.control) else {
                return false;
            };
            self.crew.read(&assigned, item);
            if self.pace.step() {
                self.look_at_clock();
            }
            if self.crew.wants_attention() {
                self.crew.attend();
            }
        }
        true
    }

    fn look_at_clock(&mut self) {
        let now = self.crew.look_at_clock();
        self.pace.looked(now);
        if now.since(self.shown) >= SHOW_EVERY {
            self.shown = now;
            self.crew.show_held();
        }
    }
}
