//! How a driven pipeline goes on: what comes in, the crew's turns, the clock, and the answers of asynchronous calls.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::super::calls::CallId;
use super::super::lane::Emission;
use super::super::mailbox::Notice;
use super::super::seen::Call;
use super::super::stages::Graph;
use super::{Drive, Stuck};
use crate::broker::Assigned;
use crate::error::Failure;
use crate::failures::Clerk;
use crate::guard::guard;
use crate::types::Incoming;

impl<G: Graph> Drive<G> {
    /// Has the crew take a record in, now or when it can.
    pub(crate) fn push(
        &mut self,
        assigned: Arc<Assigned>,
        offset: i64,
        record: Incoming,
    ) -> Result<(), Stuck> {
        self.queue.push_back((assigned, offset, record));
        self.go_on()
    }

    /// Sends a value in by hand; where to hear of it, or `None` when too many wait already.
    pub(crate) fn emit(
        &mut self,
        value: G::Emitted,
    ) -> Option<oneshot::Receiver<Result<(), String>>> {
        let (waiter, answer) = oneshot::channel();
        self.emit.try_send(Emission { value, waiter }).ok()?;
        Some(answer)
    }

    /// Goes on as far as it goes: until every call has answered, unless answers are held.
    pub(crate) fn go_on(&mut self) -> Result<(), Stuck> {
        if self.holds_answers {
            self.round();
            return Ok(());
        }
        self.settle()
    }

    /// Goes on until every call has answered, held ones too.
    pub(crate) fn settle(&mut self) -> Result<(), Stuck> {
        loop {
            self.round();
            self.take_answers();
            if self.answers.is_empty() {
                if self.crew.lane.calls.tasks().is_empty() {
                    return Ok(());
                }
                self.wait()?;
            }
            self.take_answers();
            for answer in self.answers.drain(..) {
                self.mailbox.notify(answer);
            }
        }
    }

    /// Whether answers wait for the test, be they ready or not.
    pub(crate) fn hold_answers(&mut self, hold: bool) -> Result<(), Stuck> {
        self.holds_answers = hold;
        self.crew.lane.pool.set_at_once(!hold);
        self.go_on()
    }

    /// Lets the call that is so many places behind the oldest answer; false if there are not so many.
    pub(crate) fn answer(&mut self, place: usize) -> Result<bool, Stuck> {
        let tasks = self.crew.lane.calls.tasks();
        let Some(call) = tasks.get(place).map(|(call, _)| *call) else {
            return Ok(false);
        };
        loop {
            self.take_answers();
            let mut answers = self.answers.iter();
            if let Some(at) = answers.position(|answer| call_of(answer) == Some(call)) {
                if let Some(answer) = self.answers.remove(at) {
                    self.mailbox.notify(answer);
                }
                self.go_on()?;
                return Ok(true);
            }
            self.wait()?;
        }
    }

    /// The calls that have not been answered, oldest first.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let lane = &self.crew.lane;
        let tasks = lane.calls.tasks();
        let calls = tasks.iter().map(|(_, call)| Call {
            stage: lane.name(call.node),
            position: lane.position(&call.ticket),
        });
        calls.collect()
    }

    /// Moves the clock, and stops at each moment that an operator waits for.
    pub(crate) fn advance(&mut self, by: Duration) -> Result<(), Stuck> {
        let target = self.crew.lane.clock.now() + by;
        loop {
            self.go_on()?;
            let now = self.crew.lane.clock.now();
            match self.crew.lane.effects.wake {
                Some(wake) if now < wake && wake < target => self.crew.lane.clock.advance(wake),
                _ => break,
            }
        }
        self.crew.lane.clock.advance(target);
        self.go_on()
    }

    /// Acknowledges the message that is so many places behind the oldest that waits, or refuses it; false if there are
    /// not so many.
    pub(crate) fn acknowledge(
        &mut self,
        place: usize,
        refuse: Option<&str>,
    ) -> Result<bool, Stuck> {
        let outcome = match refuse {
            None => Ok(()),
            Some(why) => Err(Failure::error(format!(
                "the broker did not take the message: {why}"
            ))),
        };
        let found = self.tray.answer(place, outcome);
        self.go_on()?;
        Ok(found)
    }

    /// The crew's turns, until there is nothing for it to do but wait.
    pub(super) fn round(&mut self) {
        let Some(runtime) = &self.runtime else {
            return;
        };
        let handle = runtime.handle().clone();
        let _inside = handle.enter();
        loop {
            if let Err(failure) = guard(|| self.turn()) {
                self.crew.halt_outside(failure);
            }
            let takes_more = self.crew.takes_in() && !self.queue.is_empty();
            if !takes_more && !self.mailbox.wants_attention() && !self.is_due() {
                self.crew.show();
                self.clerks.iter_mut().for_each(Clerk::work_off);
                return;
            }
        }
    }

    /// One turn, as the lane's loop takes it, with one record at a time.
    fn turn(&mut self) {
        if self.control.is_paused() != self.paused {
            self.paused = !self.paused;
            self.mailbox.notify(Notice::Pause(self.paused));
        }
        self.crew.attend();
        self.crew.look_at_clock();
        while self.crew.take_emission() {}
        if self.crew.takes_in()
            && let Some((assigned, offset, record)) = self.queue.pop_front()
        {
            let record = record.view(&assigned.topic, assigned.stream, offset);
            self.crew.record(&assigned, &record);
        }
        self.crew.tell();
    }

    fn is_due(&self) -> bool {
        let lane = &self.crew.lane;
        lane.effects
            .wake
            .is_some_and(|wake| wake <= lane.clock.now())
    }

    fn take_answers(&mut self) {
        let mut new = VecDeque::new();
        self.desk.take_notices(&mut new);
        self.answers.append(&mut new);
    }

    /// Lets the tasks run until one more of them has ended.
    fn wait(&mut self) -> Result<(), Stuck> {
        let calls = &mut self.crew.lane.calls;
        let patience = self.patience;
        let ended = self.runtime.as_ref().is_some_and(|runtime| {
            let wait = std::future::poll_fn(|context| calls.poll_ended(context));
            let wait = async { tokio::time::timeout(patience, wait).await };
            runtime.block_on(wait).is_ok()
        });
        if ended {
            return Ok(());
        }
        Err(Stuck(self.calls()))
    }
}

fn call_of<C>(answer: &Notice<C>) -> Option<CallId> {
    match answer {
        Notice::Completed(call, _) | Notice::Answered(call, _) => Some(*call),
        _ => None,
    }
}
