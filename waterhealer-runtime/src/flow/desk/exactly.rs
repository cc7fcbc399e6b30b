//! The assignment of a pipeline that delivers exactly once: its commits are transactions, and a partition goes to somebody
//! else only after the transaction that holds some of its outputs has come to its end.

use std::sync::Arc;
use std::time::Duration;

use super::super::exact::Exact;
use super::super::heal::commits;
use super::super::mailbox::Notice;
use super::{Desk, State};
use crate::broker::{Assigned, Commit, Consumer, Group};

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
        match exact.turn(|| consumer.membership(), || state.commits(), patience) {
            Ok(committed) => self.confirmed(&mut state, &committed),
            Err(given_up) => state.end_with(exact.give_up(given_up, false)),
        }
    }

    /// Aborts what no turn has committed: at the end.
    pub(in super::super) fn end_transaction(&self) {
        if let Some(exact) = &self.exact {
            exact.end();
        }
    }

    /// The broker has committed these positions.
    fn confirmed(&self, state: &mut State, commits: &[Commit]) {
        if !commits.is_empty() {
            self.control.count_commit(true);
            state.answered(commits, &Ok(()));
            self.tell(commits);
        }
    }

    /// Partitions go to somebody else: the transaction that holds some of their outputs is committed first, or given up.
    pub(super) fn revoke_exactly(
        &self,
        exact: &Exact<C>,
        group: &Group<'_>,
        state: &mut State,
        gone: &[Arc<Assigned>],
        lost: bool,
    ) {
        if state.ending || gone.is_empty() || state.fault.is_some() {
            return;
        }
        let outcome = match lost {
            true => exact.lose().map_or(Ok(Vec::new()), Err),
            false => {
                let all = || commits(state.held.iter().chain(gone));
                exact.turn(|| group.membership(), all, self.drain_timeout)
            }
        };
        match outcome {
            Ok(committed) => {
                for commit in &committed {
                    let of = |one: &&Arc<Assigned>| {
                        one.partition == commit.partition && one.topic == commit.topic
                    };
                    if let Some(one) = gone.iter().find(of) {
                        one.figures.confirm(commit.offset);
                    }
                }
                self.confirmed(state, &committed);
            }
            Err(given_up) => {
                let slots = gone.iter().map(|assigned| assigned.slot).collect();
                self.mailbox.notify(Notice::Forget(slots));
                let all = state.held.is_empty();
                state.end_with(exact.give_up(given_up, all));
            }
        }
    }
}
