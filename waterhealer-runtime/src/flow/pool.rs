//! Work that waits: an asynchronous call is polled once on the lane, and handed to the pool if it waits; one that may block
//! goes to a thread of the pool's. What it works on stays with the lane, in `calls`, which also says how long it may take.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::calls::{CallId, Limit};
use super::lane::Lane;
use super::mailbox::{Mailbox, Notice};
use super::observed::Called;
use crate::error::Failure;
use crate::guard::{Given, guard};
use crate::ledger::Ticket;
use crate::observe::within;
use crate::spans;

/// Where work that waits goes, and its answers.
pub(super) struct Pool<C> {
    handle: Handle,
    answers: Arc<Mailbox<C>>,
    /// Whether a call is polled once on the lane, which is all that a future without waiting needs.
    at_once: bool,
}

impl<C> Pool<C> {
    pub(super) fn new(handle: Handle, answers: Arc<Mailbox<C>>) -> Self {
        Pool {
            handle,
            answers,
            at_once: true,
        }
    }

    /// From now on answers come to this mailbox.
    pub(super) fn answer_to(&mut self, answers: Arc<Mailbox<C>>) {
        self.answers = answers;
    }

    /// Whether calls that need not wait are answered on the lane, as they are unless this is said, or like all others.
    pub(super) fn set_at_once(&mut self, at_once: bool) {
        self.at_once = at_once;
    }
}

impl<C: Send + 'static> Lane<C> {
    /// Starts an asynchronous call: polls it once here and hands it to the pool if it waits. `None` means that the answer comes as a completion.
    /// What is known of the call is told with its failure, unless it does not answer in time.
    pub fn start<V: Send + 'static>(
        &mut self,
        node: usize,
        work: impl Future<Output = Result<V, Failure>> + Send + 'static,
        given: impl Given<V> + Send + 'static,
        ticket: Ticket,
        completion: impl Fn(Result<V, Failure>) -> C + Copy + Send + 'static,
    ) -> Option<(Result<V, Failure>, Ticket)> {
        let mut work = Box::pin(work);
        let called = self.enter(node, &ticket);
        if self.pool.at_once {
            // The pool polls again with a waker of its own, so nothing is lost by polling with none.
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(outcome) = poll_guarded(work.as_mut(), &mut context) {
                self.leave(called);
                return Some((given.tell(outcome), ticket));
            }
        }
        let place = self.place(node, &ticket);
        let span = self.trace_away();
        let (call, answer) = self.promise(called, ticket);
        self.calls.carry(call, span.clone());
        let task = self.pool.handle.spawn(async move {
            let poll = |context: &mut Context<'_>| {
                let poll = || poll_guarded(work.as_mut(), context);
                within(place.as_ref(), || spans::within(span.as_ref(), poll))
            };
            let outcome = poll_fn(poll).await;
            answer.give(completion(given.tell(outcome)));
        });
        self.limit(node, call, task, completion);
        None
    }

    /// Starts a call that may block, on a thread where it may. The answer comes as a completion.
    pub fn block<V: Send + 'static>(
        &mut self,
        node: usize,
        work: impl FnOnce() -> Result<V, Failure> + Send + 'static,
        given: impl Given<V> + Send + 'static,
        ticket: Ticket,
        completion: impl Fn(Result<V, Failure>) -> C + Copy + Send + 'static,
    ) {
        let called = self.enter(node, &ticket);
        let place = self.place(node, &ticket);
        let span = self.trace_away();
        let (call, answer) = self.promise(called, ticket);
        self.calls.carry(call, span.clone());
        let task = self.pool.handle.spawn_blocking(move || {
            let work = || spans::within(span.as_ref(), || guard(work));
            let outcome = within(place.as_ref(), work).and_then(|outcome| outcome);
            answer.give(completion(given.tell(outcome)));
        });
        self.limit(node, call, task, completion);
    }

    fn promise(&mut self, called: Called, ticket: Ticket) -> (CallId, Answer<C>) {
        let call = self.calls.open(called.node, ticket, called.began);
        let mailbox = Some(Arc::clone(&self.pool.answers));
        (call, Answer { mailbox, call })
    }

    /// Notes the task of a call, and how long it may take.
    fn limit<V>(
        &mut self,
        node: usize,
        call: CallId,
        task: JoinHandle<()>,
        completion: impl Fn(Result<V, Failure>) -> C + Send + 'static,
    ) {
        let node = self.spec.nodes.get(node);
        let limit = node.and_then(|node| node.handling.timeout).map(|timeout| {
            let deadline = self.clock.now() + timeout;
            self.effects.wake_at(deadline);
            Limit {
                timeout,
                deadline,
                answer: Box::new(move |failure| completion(Err(failure))),
            }
        });
        self.calls.attach(call, task, limit);
    }
}

#[inline]
fn poll_guarded<V>(
    work: Pin<&mut impl Future<Output = Result<V, Failure>>>,
    context: &mut Context<'_>,
) -> Poll<Result<V, Failure>> {
    match guard(|| work.poll(context)) {
        Ok(poll) => poll,
        Err(failure) => Poll::Ready(Err(failure)),
    }
}

/// The promise to answer for a call: a task that is cancelled answers too.
struct Answer<C> {
    mailbox: Option<Arc<Mailbox<C>>>,
    call: CallId,
}

impl<C> Answer<C> {
    fn give(mut self, completion: C) {
        if let Some(mailbox) = self.mailbox.take() {
            mailbox.notify(Notice::Completed(self.call, completion));
        }
    }
}

impl<C> Drop for Answer<C> {
    fn drop(&mut self) {
        if let Some(mailbox) = self.mailbox.take() {
            let lost = Failure::lost("the task was cancelled before it answered");
            mailbox.notify(Notice::Answered(self.call, Err(lost)));
        }
    }
}
