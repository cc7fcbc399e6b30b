//! The assignment of a pipeline that delivers exactly once: its commits are transactions, and a partition goes to somebody
//! else only after the transaction that holds some of its outputs has come to its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::exact::{Exact, Turned};
use super::super::heal::commits;
use super::super::transaction::{After, GivenUp};
use super::{Desk, State};
use crate::broker::{Assigned, At, Commit, CommitError, Consumer, Group, Opening};
use crate::error::Error;
use crate::ledger::Finished;

/// How long the client may take to go back to the last commit.
const SEEK: Duration = Duration::from_secs(5);

impl<C> Desk<C> {
    /// Whether its commits are transactions.
    pub(in super::super) fn is_exact(&self) -> bool {
        self.exact.is_some()
    }

    /// Commits the transaction, if there is anything in it, and begins the next.
    pub(in super::super) fn turn(&self, consumer: &Consumer, patience: Duration) {
        let Some(exact) = &self.exact else {
            return;
        };
        let mut state = self.lock();
        let mut held = state.held.iter();
        let idle = held.all(|one| one.figures.in_flight() == 0) && state.commits().is_empty();
        if idle || state.fault.is_some() {
            return;
        }
        let group = consumer.group();
        let began = Instant::now();
        match exact.turn(|| group.membership(), || state.commits(), patience, false) {
            Ok(turned) => {
                exact.go_on(&turned);
                self.confirmed(&mut state, turned.committed(), began);
            }
            Err(given_up) => self.give_up(exact, &group, &mut state, &[], (given_up, began)),
        }
    }

    /// Aborts what no turn has committed: at the end.
    pub(in super::super) fn end_transaction(&self) {
        if let Some(exact) = &self.exact {
            exact.end();
        }
    }

    /// The broker has committed these positions.
    fn confirmed(&self, state: &mut State, commits: &[Commit], began: Instant) {
        if !commits.is_empty() {
            self.control.count_commit(true, began.elapsed());
            let moved = state.answered(commits.to_vec(), &Ok(()));
            self.tell(&moved);
        }
    }

    /// Partitions go to somebody else: the transaction that holds some of their outputs is committed first, or given up.
    pub(super) fn revoke_exactly(
        &self,
        exact: &Exact<C>,
        group: &dyn Group,
        state: &mut State,
        gone: &[Arc<Assigned>],
        lost: bool,
    ) {
        if state.ending || gone.is_empty() || state.fault.is_some() {
            return;
        }
        let began = Instant::now();
        let outcome = match lost {
            true => exact.lose().map_or(Ok(Turned::Not), Err),
            false => {
                let all = || commits(state.held.iter().chain(gone));
                exact.turn(|| group.membership(), all, self.drain_timeout, true)
            }
        };
        match outcome {
            Ok(turned) => {
                // Before the lanes go on: they would make outputs of records that are somebody else's.
                self.lanes.forget(gone);
                exact.go_on(&turned);
                let committed = turned.committed();
                for commit in committed {
                    let of = |one: &&Arc<Assigned>| {
                        one.partition == commit.partition && one.topic == commit.topic
                    };
                    if let Some(one) = gone.iter().find(of) {
                        one.figures.confirm(commit.offset, &commit.metadata);
                    }
                }
                self.confirmed(state, committed, began);
            }
            Err(given_up) => self.give_up(exact, group, state, gone, (given_up, began)),
        }
    }

    /// The transaction cannot be committed. Either the pipeline ends, or everything that was taken since the last commit is
    /// forgotten and read again, by this member or by those who get `gone`.
    fn give_up(
        &self,
        exact: &Exact<C>,
        group: &dyn Group,
        state: &mut State,
        gone: &[Arc<Assigned>],
        (given_up, began): (GivenUp, Instant),
    ) {
        self.control.count_commit(false, began.elapsed());
        if given_up.is_halt() {
            // The record that halts is told instead.
            return exact.abort();
        }
        let why = match exact.after(given_up, !gone.is_empty()) {
            After::End(error) => return state.fail(error),
            After::Anew(why) => why,
        };
        tracing::warn!(
            why,
            "the transaction was aborted: nothing of it is visible, and its records are read again"
        );
        // A transaction that fails again and again is a commit that does.
        if let Err(error) = state
            .heal
            .answered(&Err(CommitError::Later(why)), Instant::now())
        {
            return state.fail(error);
        }
        let held = std::mem::take(&mut state.held);
        self.lanes.forget(gone);
        self.lanes.forget(&held);
        state.give_up_asking(&held);
        state.slots.free(held.iter().map(|one| one.slot));
        let again = exact
            .stand()
            .and_then(|()| self.take_back(group, state, held))
            .and_then(|()| exact.anew());
        if let Err(error) = again {
            state.fail(error);
        }
    }

    /// Begins the partitions that stay anew, at the last commit.
    fn take_back(
        &self,
        group: &dyn Group,
        state: &mut State,
        held: Vec<Arc<Assigned>>,
    ) -> Result<(), Error> {
        let taken = held.iter().filter_map(|one| {
            let from = one.figures.uncommitted_from()?;
            Some((&*one.topic, one.partition, At::Offset(from)))
        });
        let to: Vec<_> = taken.collect();
        group.seek(&to, SEEK).map_err(|why| {
            Error::broker(format!(
                "the client does not go back to the last commit: {why}. The next start does"
            ))
        })?;
        let paused = held.iter().filter(|one| one.figures.is_paused());
        let paused: Vec<_> = paused.map(|one| (&*one.topic, one.partition)).collect();
        group.resume(&paused);
        state.known.clear();
        for one in &held {
            let from = one.figures.uncommitted_from().map(At::Offset);
            let opening = Opening {
                begin: from.or(one.opening.begin),
                ..one.opening
            };
            let assigned = state
                .slots
                .assign_as(&one.topic, one.partition, one.source, opening);
            // What is finished above the commit has nothing in a transaction: it may be done again.
            self.open(state, assigned, Finished::default());
        }
        self.control.show(state.held.clone());
        Ok(())
    }
}

impl State {
    fn fail(&mut self, error: Error) {
        self.fault.get_or_insert(error);
    }
}
