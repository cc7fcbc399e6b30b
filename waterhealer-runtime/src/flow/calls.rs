//! The calls under way: which stage works on which record outside the lane. The ticket waits here, out of reach of the
//! user's future, so that a panic, a cancelled task or a hung one cannot lose it.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

use super::sent::Sent;
use crate::ledger::Ticket;

/// Names a call under way; used again once the call is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CallId(pub(crate) usize);

/// The calls under way of one lane.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: Vec<Option<Call>>,
    free: Vec<usize>,
    opened: u64,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) node: usize,
    pub(super) ticket: Ticket,
    /// The how manieth call it is: names are used again.
    pub(super) number: u64,
    task: Option<JoinHandle<()>>,
    /// The call is that of a dead letter.
    pub(super) letter: Option<Sent>,
}

impl Calls {
    pub(super) fn open(&mut self, node: usize, ticket: Ticket) -> CallId {
        self.opened += 1;
        let call = Some(Call {
            node,
            ticket,
            number: self.opened,
            task: None,
            letter: None,
        });
        match self.free.pop() {
            Some(index) => {
                self.calls[index] = call;
                CallId(index)
            }
            None => {
                self.calls.push(call);
                CallId(self.calls.len() - 1)
            }
        }
    }

    /// Remembers the task of a call, to end it if the pipeline ends first.
    pub(super) fn attach(&mut self, id: CallId, task: JoinHandle<()>) {
        if let Some(Some(call)) = self.calls.get_mut(id.0) {
            call.task = Some(task);
        }
    }

    /// Notes that a call is that of a dead letter.
    pub(super) fn note_letter(&mut self, id: CallId, sent: Sent) {
        if let Some(Some(call)) = self.calls.get_mut(id.0) {
            call.letter = Some(sent);
        }
    }

    pub(super) fn close(&mut self, id: CallId) -> Option<Call> {
        let call = self.calls.get_mut(id.0)?.take()?;
        self.free.push(id.0);
        Some(call)
    }

    /// The ticket of a call under way.
    pub(super) fn ticket(&self, id: CallId) -> Option<&Ticket> {
        Some(&self.calls.get(id.0)?.as_ref()?.ticket)
    }

    pub(super) fn len(&self) -> usize {
        self.calls.len() - self.free.len()
    }

    /// The calls that a task works on, oldest first.
    pub(super) fn tasks(&self) -> Vec<(CallId, &Call)> {
        let calls = self.calls.iter().enumerate();
        let mut tasks: Vec<_> = calls
            .filter_map(|(index, call)| Some((CallId(index), call.as_ref()?)))
            .filter(|(_, call)| call.task.is_some())
            .collect();
        tasks.sort_unstable_by_key(|(_, call)| call.number);
        tasks
    }

    /// Ready once one more of the tasks has ended, or none is left that could.
    pub(super) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut running = false;
        for task in self
            .calls
            .iter_mut()
            .flatten()
            .filter_map(|call| call.task.as_mut())
        {
            // One that has been told of must not be polled again.
            if !task.is_finished() {
                running = true;
                if Pin::new(task).poll(context).is_ready() {
                    return Poll::Ready(());
                }
            }
        }
        if running {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }

    /// Ends all calls: their tasks are cancelled and their tickets come back.
    pub(super) fn cancel(&mut self) -> impl Iterator<Item = Ticket> {
        self.free.clear();
        self.calls.drain(..).flatten().map(|call| {
            if let Some(task) = &call.task {
                task.abort();
            }
            call.ticket
        })
    }
}
