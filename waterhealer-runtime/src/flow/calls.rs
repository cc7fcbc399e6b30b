//! The calls under way: which stage works on which record outside the lane. The ticket waits here, out of reach of the
//! user's future, so that a panic, a cancelled task or a hung one cannot lose it.

use tokio::task::JoinHandle;

use crate::ledger::Ticket;

/// Names a call under way; used again once the call is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CallId(pub(crate) usize);

/// The calls under way of one lane.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: Vec<Option<Call>>,
    free: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) node: usize,
    pub(super) ticket: Ticket,
    task: Option<JoinHandle<()>>,
}

impl Calls {
    pub(super) fn open(&mut self, node: usize, ticket: Ticket) -> CallId {
        let call = Some(Call {
            node,
            ticket,
            task: None,
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

    pub(super) fn close(&mut self, id: CallId) -> Option<Call> {
        let call = self.calls.get_mut(id.0)?.take()?;
        self.free.push(id.0);
        Some(call)
    }

    pub(super) fn len(&self) -> usize {
        self.calls.len() - self.free.len()
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
