//! The assignment: which partitions this member holds, and what happens when they come and go. The client calls in here
//! from within `poll`, on the consumer thread, so nothing here is ever waited for by that thread elsewhere.

mod exactly;
mod state;

pub(super) use state::{Astray, State};

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::control::Control;
use super::dedupe::Dedupe;
use super::exact::Exact;
use super::heal::{Due, Heal, commits, positions};
use super::lanes::Lanes;
use super::mailbox::Notice;
use super::slots::Slots;
use crate::broker::{
    Answered, Assigned, Begin, Commit, CommitError, Group, GroupEvents, Places, Taken,
};
use crate::config::{Settings, Starting};
use crate::error::Error;
use crate::sync::atomic::Ordering;
use crate::sync::{Mutex, MutexGuard};

/// How long the commit on revoke may take: the others of the group wait for it.
const REVOKE_COMMIT: Duration = Duration::from_secs(5);

/// Holds the assignment for the consumer thread and the client's callbacks, which run on it.
pub(super) struct Desk<C> {
    pub(super) lanes: Lanes<C>,
    pub(super) control: Arc<Control>,
    drain_timeout: Duration,
    pub(super) policies: Starting,
    /// Whether some stage asks for the offsets of each commit.
    tells: bool,
    /// Which source node reads a topic.
    pub(super) sources: HashMap<String, usize>,
    /// Of a pipeline that delivers exactly once: its commits are transactions.
    exact: Option<Exact<C>>,
    state: Mutex<State>,
}

/// What keeps records that are finished from being done again, beside commits. One does not go with the other.
pub(super) enum Beside<C> {
    Nothing,
    Transactions(Exact<C>),
    Store(Dedupe),
}

impl<C> Desk<C> {
    pub(super) fn new(
        lanes: Lanes<C>,
        control: Arc<Control>,
        settings: &Settings,
        sources: HashMap<String, usize>,
        tells: bool,
        slots: Slots,
        beside: Beside<C>,
    ) -> Arc<Self> {
        let (exact, dedupe) = match beside {
            Beside::Nothing => (None, None),
            Beside::Transactions(exact) => (Some(exact), None),
            Beside::Store(dedupe) => (None, Some(dedupe)),
        };
        let heal = Heal::new(settings.interval, settings.commit_timeout, Instant::now());
        Arc::new(Desk {
            lanes,
            control,
            drain_timeout: settings.drain_timeout,
            policies: settings.starting,
            tells,
            sources,
            exact,
            state: Mutex::new(State::new(slots, heal, dedupe)),
        })
    }

    /// To whom a record belongs.
    pub(super) fn whose(
        &self,
        taken: Taken<'_>,
        topic: &dyn Fn() -> String,
    ) -> Option<Arc<Assigned>> {
        let mut state = self.lock();
        match taken {
            Taken::Record {
                topic_id,
                partition,
            } => {
                let assigned = match state.known.get(&(topic_id, partition)) {
                    Some(assigned) => Arc::clone(assigned),
                    None => {
                        let assigned = Arc::clone(state.find(&topic(), partition)?);
                        state
                            .known
                            .insert((topic_id, partition), Arc::clone(&assigned));
                        assigned
                    }
                };
                Some(assigned)
            }
            Taken::Trouble {
                topic,
                partition,
                why,
                fatal,
                astray,
            } => {
                let epoch = state.find(topic, partition).map(|assigned| {
                    assigned.figures.stumble();
                    assigned.epoch
                });
                if let Some(next) = astray {
                    // One that is given up goes nowhere.
                    let place = (topic.to_owned(), partition);
                    let told = true;
                    let lost = epoch.map(|epoch| Astray {
                        place,
                        epoch,
                        next,
                        told,
                    });
                    state.astray.extend(lost);
                } else if fatal {
                    let place = format!("{topic}[{partition}]");
                    state.fault.get_or_insert_with(|| unreadable(&place, &why));
                } else {
                    tracing::warn!(topic, partition, why, "a partition cannot be read for now");
                }
                None
            }
        }
    }

    /// Partitions whose client has lost its way, to be asked about.
    pub(super) fn take_astray(&self) -> Vec<Astray> {
        std::mem::take(&mut self.lock().astray)
    }

    /// Notes partitions whose client has lost its way.
    pub(super) fn note_astray(&self, astray: Vec<Astray>) {
        self.lock().astray.extend(astray);
    }

    /// Notes what the brokers say of partitions whose client has lost its way.
    pub(super) fn lead_back_soon(&self, astray: Vec<Astray>, places: Places) {
        let mut state = self.lock();
        // The client says of a partition once that it has lost its way.
        if let Some((before, _)) = state.asked.replace((astray, places)) {
            state.astray.extend(before);
        }
    }

    /// Ends the pipeline for a topic that is not there any more.
    pub(super) fn miss(&self, topic: &str) {
        self.fail(unreadable(topic, "the brokers do not know it any more"));
    }

    /// What healing asks for now.
    pub(super) fn heal_due(&self, now: Instant) -> Due {
        let mut state = self.lock();
        match state.heal.due(now) {
            Ok(due) => due,
            Err(fault) => {
                state.fault.get_or_insert(fault);
                Due::Nothing
            }
        }
    }

    /// Whether a commit is not answered yet.
    pub(super) fn awaits_commit(&self) -> bool {
        self.lock().heal.is_waiting()
    }

    /// The positions that the broker does not have yet.
    pub(super) fn commits(&self) -> Vec<Commit> {
        self.lock().commits()
    }

    pub(super) fn commit_sent(&self, outcome: Result<(), CommitError>) {
        let mut state = self.lock();
        match outcome {
            Ok(()) => state.heal.sent(Instant::now()),
            Err(error) => drop(state.answered(Vec::new(), &Err(error))),
        }
    }

    /// Whether everything that was read is finished, or held by operators that wait for more. What waits for the lanes is
    /// asked for first, since a lane ends its rest before it takes a record.
    pub(super) fn is_idle(&self) -> bool {
        if self.lanes.queued() > 0 {
            return false;
        }
        let state = self.lock();
        let mut held = state.held.iter();
        state.joined
            && (held.all(|assigned| assigned.figures.in_flight() == 0)
                || self.control.are_at_rest())
    }

    pub(super) fn has_joined(&self) -> bool {
        self.lock().joined
    }

    /// Notes that the pipeline has drained, as far as it will.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ending = true;
        if let Some(dedupe) = &state.dedupe {
            dedupe.flush(self.drain_timeout.min(REVOKE_COMMIT));
        }
    }

    /// Tells the lanes of partitions for which the dedupe store has answered by now. True if there are others: no record
    /// may be taken, since a lane does not know their assignments yet.
    pub(super) fn awaits_store(&self) -> bool {
        let mut state = self.lock();
        let Some(dedupe) = &mut state.dedupe else {
            return false;
        };
        for (assigned, finished) in dedupe.answered() {
            self.tell_lane(assigned, finished);
        }
        self.control
            .untold
            .store(dedupe.untold(), Ordering::Relaxed);
        dedupe.is_waiting()
    }

    /// Notes why the pipeline cannot go on; the first reason stays.
    pub(super) fn fail(&self, fault: Error) {
        self.lock().fault.get_or_insert(fault);
    }

    pub(super) fn has_failed(&self) -> bool {
        self.lock().fault.is_some()
    }

    pub(super) fn take_fault(&self) -> Option<Error> {
        self.lock().fault.take()
    }

    pub(super) fn held(&self) -> Vec<Arc<Assigned>> {
        self.lock().held.clone()
    }

    /// Waits until the lanes have finished what is under way in these partitions, as long as a rebalance allows.
    fn drain(&self, partitions: &[Arc<Assigned>]) {
        if !self.lanes.close(partitions).wait(self.drain_timeout) {
            tracing::warn!(
                partitions = partitions.len(),
                waited = %humantime::format_duration(self.drain_timeout),
                "revoked partitions still have work under way; their next owner does it again"
            );
        }
    }

    /// Tells the stages that ask for it by which commits the group has moved on.
    fn tell(&self, moved: &[Commit]) {
        if self.tells && !moved.is_empty() {
            let first = self.lanes.mailbox(0);
            first.notify(Notice::Healed(positions(moved)));
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unreadable(what: &str, why: &str) -> Error {
    Error::broker(format!(
        "{what} cannot be read: {why}. If the topic was deleted, what is committed for it says nothing any more; create it \
         again, or take it out of the pipeline"
    ))
}

impl<C: Send + 'static> GroupEvents for Desk<C> {
    fn assigned(&self, group: &dyn Group, partitions: &[(String, i32)]) -> Vec<Begin> {
        let places = self.ask(group, partitions);
        let mut begins = Vec::with_capacity(partitions.len());
        let mut state = self.lock();
        state.joined = true;
        state.known.clear();
        for (topic, partition) in partitions {
            let begin = self.begin(&mut state, (topic, *partition), places.as_ref());
            begins.push(begin.unwrap_or_default());
        }
        tracing::info!(
            partitions = partitions.len(),
            held = state.held.len(),
            "partitions assigned"
        );
        self.control.show(state.held.clone());
        self.control.counts.assigned.fetch_add(1, Ordering::Relaxed);
        begins
    }

    fn revoked(&self, group: &dyn Group, partitions: &[(String, i32)], lost: bool) {
        let counts = &self.control.counts;
        let count = if lost { &counts.lost } else { &counts.revoked };
        count.fetch_add(1, Ordering::Relaxed);
        let mut state = self.lock();
        let mut gone: Vec<Arc<Assigned>> = Vec::new();
        for (topic, partition) in partitions {
            if let Some(index) = state
                .held
                .iter()
                .position(|assigned| assigned.partition == *partition && *assigned.topic == **topic)
            {
                gone.push(state.held.swap_remove(index));
            }
        }
        state.known.clear();
        // Without a partition, this member does not know whether it is to get others: the next assignment says so.
        state.joined &= !state.held.is_empty();
        self.control.show(state.held.clone());
        // The client keeps a partition paused across assignments, lost ones too.
        let paused: Vec<(&str, i32)> = gone
            .iter()
            .filter(|assigned| assigned.figures.is_paused())
            .map(|assigned| (&*assigned.topic, assigned.partition))
            .collect();
        group.resume(&paused);
        state.give_up_asking(&gone);
        // Nobody else is kept waiting by the drain: what asks for this lock is this thread.
        if let Some(exact) = &self.exact {
            self.revoke_exactly(exact, group, &mut state, &gone, lost);
        } else if !lost && !gone.is_empty() {
            if !state.ending {
                let until = Instant::now() + self.drain_timeout;
                self.drain(&gone);
                // Before the commit, so that the next owner finds it.
                if let Some(dedupe) = &state.dedupe {
                    dedupe.flush(until.saturating_duration_since(Instant::now()));
                }
            }
            let commits = commits(gone.iter());
            let sent = Instant::now();
            let answers = group.commit(&commits, self.drain_timeout.min(REVOKE_COMMIT));
            let mut healed = commits.is_empty();
            for Answered { confirmed, outcome } in answers {
                self.control.count_commit(outcome.is_ok(), sent.elapsed());
                healed |= outcome.is_ok() && commits.iter().all(|one| confirmed.contains(one));
                let moved = state.answered(confirmed, &outcome);
                self.tell(&moved);
            }
            if group.is_open() {
                state.heal.sent(Instant::now());
            }
            if !healed {
                tracing::warn!(
                    "the commit on revoke was not confirmed; the next owner repeats what it held"
                );
            }
        }
        tracing::info!(
            partitions = partitions.len(),
            held = state.held.len(),
            lost,
            "partitions revoked"
        );
        self.lanes.forget(&gone);
        let slots = gone.iter().map(|assigned| assigned.slot);
        state.slots.free(slots);
    }

    fn committed(&self, answered: Answered) {
        let mut state = self.lock();
        let took = state.heal.waited(Instant::now());
        self.control.count_commit(answered.outcome.is_ok(), took);
        let moved = state.answered(answered.confirmed, &answered.outcome);
        drop(state);
        self.tell(&moved);
    }
}
