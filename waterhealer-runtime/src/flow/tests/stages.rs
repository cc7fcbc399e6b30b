//! A pipeline's graph as the schedules need it: records that are finished at once, that wait for a call, that wait for a
//! partner in a window, and that go two ways. And the thread on which calls are answered.

use std::sync::Arc;

use shuttle::rand::{Rng, thread_rng};
use shuttle::sync::mpsc::{Receiver, Sender};
use shuttle::thread::yield_now;

use super::super::calls::CallId;
use super::super::{Gate, Graph, Lane, Mailbox, Notice};
use super::model::{Id, Model};
use crate::error::Failure;
use crate::graph::Spec;
use crate::ledger::Ticket;
use crate::operator::{Held, Operator as _, Partition};
use crate::types::{Position, Record};

pub(super) static SPEC: Spec = Spec {
    name: "schedules",
    settings: &[],
    nodes: &[],
    edges: &[],
};

/// What the halting record says.
pub(super) const PLANNED: &str = "it was planned to fail";

const WINDOW: usize = 0;
const CALLS: usize = 1;

/// A record; none stands for a value sent in by hand.
pub(super) type Value = Option<Id>;

/// What a schedule is about, beside its order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Whether some records wait for a partner.
    pub(super) has_window: bool,
    /// The record at which the pipeline halts: its partition and offset.
    pub(super) fails: Option<(i32, i64)>,
    /// Calls at once.
    pub(super) concurrency: usize,
}

/// A call under way, and where its answer goes.
pub(super) struct Job {
    mailbox: Arc<Mailbox<Value>>,
    call: CallId,
    value: Value,
}

/// Answers calls, the later ones sometimes first, until no lane is left to ask for more.
pub(super) fn answer_calls(jobs: &Receiver<Job>) {
    let mut open = Vec::new();
    while let Ok(job) = jobs.recv() {
        open.push(job);
        while thread_rng().r#gen()
            && let Ok(job) = jobs.try_recv()
        {
            open.push(job);
        }
        while !open.is_empty() {
            // Some calls are slow: their partitions may have gone meanwhile, and come back.
            if thread_rng().gen_ratio(1, 4) {
                (0..thread_rng().gen_range(0..30)).for_each(|_| yield_now());
            }
            let job = open.swap_remove(thread_rng().gen_range(0..open.len()));
            job.mailbox.notify(Notice::Completed(job.call, job.value));
        }
    }
}

pub(super) struct Stages {
    plan: Plan,
    model: Arc<Model>,
    pairs: Partition<Id>,
    gate: Gate<Value>,
    jobs: Sender<Job>,
}

impl Stages {
    pub(super) fn new(plan: Plan, model: Arc<Model>, jobs: Sender<Job>) -> Self {
        Stages {
            plan,
            model,
            pairs: Partition::new(2, None),
            gate: Gate::with(CALLS, plan.concurrency),
            jobs,
        }
    }

    fn fails(&self, id: Id) -> bool {
        self.plan.fails == Some((id.partition, id.offset))
    }

    fn finish(&self, lane: &mut Lane<Value>, value: Value, ticket: Ticket) {
        match value {
            Some(id) if self.fails(id) => {
                return lane.failed(CALLS, ticket, Failure::lost(PLANNED));
            }
            Some(id) => self.model.finish(id),
            None => {}
        }
        lane.settle(ticket);
    }

    fn call(&mut self, lane: &mut Lane<Value>, value: Value, ticket: Ticket) {
        if let Some((value, ticket)) = self.gate.admit(lane, value, ticket) {
            self.start(lane, value, ticket);
        }
    }

    fn start(&mut self, lane: &mut Lane<Value>, value: Value, ticket: Ticket) {
        let job = Job {
            mailbox: Arc::clone(&lane.mailbox),
            call: lane.calls.open(CALLS, ticket, None),
            value,
        };
        if self.jobs.send(job).is_err() {
            self.model.is_wrong("nobody answers calls".to_owned());
        }
    }

    fn pair(&mut self, lane: &mut Lane<Value>, id: Id, ticket: Ticket) {
        self.model.hold(id);
        let Some((rows, ticket)) = lane.push::<0, _>(WINDOW, &mut self.pairs, id, ticket) else {
            return;
        };
        for id in rows.as_slice() {
            self.model.give(*id);
            self.model.finish(*id);
        }
        lane.settle(ticket);
    }
}

impl Graph for Stages {
    type Resources = ();
    type Emitted = ();
    type Completion = Value;

    fn spec() -> &'static Spec {
        &SPEC
    }

    fn new(_: Arc<()>) -> Self {
        unreachable!("it is made with its plan")
    }

    fn record(&mut self, lane: &mut Lane<Value>, _: usize, record: &Record<'_>, ticket: Ticket) {
        let id = Id {
            partition: record.partition(),
            epoch: ticket.epoch().0,
            offset: record.offset(),
        };
        self.model.take(id);
        let way = thread_rng().gen_range(0..5);
        match way {
            0 => self.finish(lane, Some(id), ticket),
            // The one that fails must not get by in a window.
            1 if self.plan.has_window && !self.fails(id) => self.pair(lane, id, ticket),
            2 => {
                self.model.split(id);
                let share = lane.split(&ticket);
                self.call(lane, Some(id), ticket);
                match self.plan.has_window && !self.fails(id) {
                    true => self.pair(lane, id, share),
                    false => self.call(lane, Some(id), share),
                }
            }
            _ => self.call(lane, Some(id), ticket),
        }
    }

    fn emitted(&mut self, lane: &mut Lane<Value>, (): (), ticket: Ticket) {
        self.call(lane, None, ticket);
    }

    fn completed(&mut self, lane: &mut Lane<Value>, value: Value, ticket: Ticket) {
        self.gate.leave();
        self.finish(lane, value, ticket);
        while let Some((value, ticket)) = self.gate.next(lane) {
            self.start(lane, value, ticket);
        }
    }

    fn forget(&mut self, lane: &mut Lane<Value>) {
        lane.forget(WINDOW, &mut self.pairs);
    }

    fn dismiss(&mut self, lane: &mut Lane<Value>) {
        self.gate.abandon(lane);
    }

    fn abandon(&mut self, lane: &mut Lane<Value>) {
        lane.let_go(WINDOW, &mut self.pairs);
    }

    fn healed(&mut self, _: &mut Lane<Value>, offsets: &[Position]) {
        if offsets.is_empty() {
            self.model
                .is_wrong("told of a commit of nothing".to_owned());
        }
    }

    fn held(&self, each: &mut dyn FnMut(usize, Held)) {
        each(WINDOW, self.pairs.held());
        each(CALLS, self.gate.held());
    }
}
