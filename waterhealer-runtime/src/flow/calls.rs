//! The calls under way: which stage works on which record outside the lane. The ticket waits here, out of reach of the
//! user's future, so that a panic, a cancelled task or a hung one cannot lose it.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::observed::Began;
use super::sent::Sent;
use crate::clock::Moment;
use crate::error::Failure;
use crate::ledger::Ticket;
use crate::spans::Span;

/// Names a call under way: its place, and above that the how manieth call it is, since places are used again. A late answer
/// names a call that there is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CallId(pub(crate) usize);

const HALF: u32 = usize::BITS / 2;

/// A lane's number stands in the highest bits of a call's name, where several lanes share what answers.
pub(super) const LANE_SHIFT: u32 = usize::BITS - 6;

impl CallId {
    fn new(place: usize, number: u64) -> Self {
        let number = (number as usize) << HALF;
        CallId(place | number & !(usize::MAX << LANE_SHIFT))
    }

    fn place(self) -> usize {
        self.0 & (usize::MAX >> HALF)
    }
}

/// The calls under way of one lane.
pub(super) struct Calls<C> {
    calls: Vec<Option<Call<C>>>,
    free: Vec<usize>,
    opened: u64,
    /// When to give up those that may take only so long.
    deadlines: BTreeSet<(Moment, CallId)>,
}

pub(super) struct Call<C> {
    pub(super) node: usize,
    pub(super) ticket: Ticket,
    /// When it began, if it is timed.
    pub(super) began: Option<Began>,
    /// The how manieth call it is.
    number: u64,
    task: Option<JoinHandle<()>>,
    /// The task has ended, and whoever waits for that was told.
    ended: bool,
    limit: Option<Limit<C>>,
    /// What tells a collector of it.
    pub(super) span: Option<Span>,
    /// The call is that of a dead letter.
    pub(super) letter: Option<Sent>,
}

/// How long a call may take.
pub(super) struct Limit<C> {
    pub(super) timeout: Duration,
    pub(super) deadline: Moment,
    /// What the stage answers in place of the call.
    pub(super) answer: Box<dyn FnOnce(Failure) -> C + Send>,
}

impl<C> Calls<C> {
    pub(super) fn new() -> Self {
        Calls {
            calls: Vec::new(),
            free: Vec::new(),
            opened: 0,
            deadlines: BTreeSet::new(),
        }
    }

    pub(super) fn open(&mut self, node: usize, ticket: Ticket, began: Option<Began>) -> CallId {
        self.opened += 1;
        let call = Some(Call {
            node,
            ticket,
            began,
            number: self.opened,
            task: None,
            ended: false,
            limit: None,
            span: None,
            letter: None,
        });
        let place = match self.free.pop() {
            Some(place) => {
                self.calls[place] = call;
                place
            }
            None => {
                self.calls.push(call);
                self.calls.len() - 1
            }
        };
        CallId::new(place, self.opened)
    }

    /// Remembers the task of a call, to end it if the pipeline or its time ends first.
    pub(super) fn attach(&mut self, id: CallId, task: JoinHandle<()>, limit: Option<Limit<C>>) {
        if let Some(Some(call)) = self.calls.get_mut(id.place()) {
            call.task = Some(task);
            self.deadlines
                .extend(limit.as_ref().map(|limit| (limit.deadline, id)));
            call.limit = limit;
        }
    }

    /// The span of a call goes with it.
    #[inline]
    pub(super) fn carry(&mut self, id: CallId, span: Option<Span>) {
        if span.is_some()
            && let Some(Some(call)) = self.calls.get_mut(id.place())
        {
            call.span = span;
        }
    }

    /// Notes that a call is that of a dead letter.
    pub(super) fn note_letter(&mut self, id: CallId, sent: Sent) {
        if let Some(Some(call)) = self.calls.get_mut(id.place()) {
            call.letter = Some(sent);
        }
    }

    pub(super) fn close(&mut self, id: CallId) -> Option<Call<C>> {
        let place = self.calls.get_mut(id.place())?;
        let call = place.take_if(|call| CallId::new(id.place(), call.number) == id)?;
        self.free.push(id.place());
        if let Some(limit) = &call.limit {
            self.deadlines.remove(&(limit.deadline, id));
        }
        Some(call)
    }

    /// The ticket of a call under way.
    pub(super) fn ticket(&self, id: CallId) -> Option<&Ticket> {
        let call = self.calls.get(id.place())?.as_ref()?;
        (CallId::new(id.place(), call.number) == id).then_some(&call.ticket)
    }

    /// Gives up one call whose time is over: its task is cancelled, and what it answers later is passed over.
    pub(super) fn give_up(&mut self, now: Moment) -> Option<(C, Call<C>)> {
        let (deadline, id) = *self.deadlines.first()?;
        if deadline > now {
            return None;
        }
        let mut call = self.close(id)?;
        if let Some(task) = &call.task {
            task.abort();
        }
        let limit = call.limit.take()?;
        Some(((limit.answer)(Failure::timeout(limit.timeout)), call))
    }

    /// When the next call is to be given up.
    pub(super) fn deadline(&self) -> Option<Moment> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// All that are under way.
    pub(super) fn each(&self) -> impl Iterator<Item = &Call<C>> {
        self.calls.iter().flatten()
    }

    pub(super) fn len(&self) -> usize {
        self.calls.len() - self.free.len()
    }

    /// The calls that a task works on, oldest first.
    pub(super) fn tasks(&self) -> Vec<(CallId, &Call<C>)> {
        let calls = self.calls.iter().enumerate();
        let mut tasks: Vec<_> = calls
            .filter_map(|(place, call)| {
                let call = call.as_ref()?;
                Some((CallId::new(place, call.number), call))
            })
            .filter(|(_, call)| call.task.is_some())
            .collect();
        tasks.sort_unstable_by_key(|(_, call)| call.number);
        tasks
    }

    /// Ready once one more of the tasks has ended, or none is left that could.
    pub(super) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut running = false;
        for call in self.calls.iter_mut().flatten() {
            let Some(task) = call.task.as_mut().filter(|_| !call.ended) else {
                continue;
            };
            // One that has ended and been told of must not be polled again.
            if task.is_finished() || Pin::new(task).poll(context).is_ready() {
                call.ended = true;
                return Poll::Ready(());
            }
            running = true;
        }
        match running {
            true => Poll::Pending,
            false => Poll::Ready(()),
        }
    }

    /// Ends all calls: their tasks are cancelled and their tickets come back.
    pub(super) fn cancel(&mut self) -> impl Iterator<Item = Ticket> {
        self.free.clear();
        self.deadlines.clear();
        self.calls.drain(..).flatten().map(|call| {
            if let Some(task) = &call.task {
                task.abort();
            }
            call.ticket
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Epoch, Ledger, SlotId};

    #[test]
    fn a_late_answer_closes_no_other_call() {
        let mut ledger = Ledger::new();
        ledger.open(SlotId(1), Epoch(1));
        let mut calls: Calls<()> = Calls::new();
        let first = calls.open(0, ledger.deliver(SlotId(1), 0, None), None);
        let closed = calls.close(first).expect("it is under way");
        ledger.settle(closed.ticket);
        let second = calls.open(0, ledger.deliver(SlotId(1), 1, None), None);
        assert_eq!(first.place(), second.place());
        assert!(calls.close(first).is_none());
        let closed = calls.close(second).expect("it is under way");
        ledger.settle(closed.ticket);
        assert_eq!(calls.len(), 0);
    }
}
