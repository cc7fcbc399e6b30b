//! A pipeline driven by a test: what the consumer thread, the broker, the clock and the pool do to a crew is done here by
//! hand, through the same notices. The face that tests see, with its panics, is `testing`.

mod group;
mod run;
mod tray;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use self::tray::Tray;
use super::control::{Control, Phase};
use super::crew::Crew;
use super::failing::Failing;
use super::lane::{Emission, Lane};
use super::mailbox::{Mailbox, Notice};
use super::outbox::Outbox;
use super::seen::{Call, Failed, Held};
use super::slots::Slots;
use super::stages::Graph;
use crate::broker::Assigned;
use crate::clock::{Clock, Moment};
use crate::failures::Clerk;
use crate::graph::Spec;
use crate::ledger::Ticket;
use crate::types::{Incoming, MessageParts};

/// What a pipeline is made of before it runs.
pub(crate) struct Parts<G: Graph> {
    pub(crate) resources: Arc<G::Resources>,
    pub(crate) control: Arc<Control>,
    pub(crate) mailbox: Arc<Mailbox<G::Completion>>,
    pub(crate) emissions: mpsc::Receiver<Emission<G::Emitted>>,
    pub(crate) emit: mpsc::Sender<Emission<G::Emitted>>,
    /// Who has failures kept where the program says.
    pub(crate) clerks: Vec<Clerk>,
}

/// Calls that have not answered in time.
#[derive(Debug)]
pub(crate) struct Stuck(pub(crate) Vec<Call>);

pub(crate) struct Drive<G: Graph> {
    crew: Crew<G>,
    resources: Arc<G::Resources>,
    control: Arc<Control>,
    mailbox: Arc<Mailbox<G::Completion>>,
    emit: mpsc::Sender<Emission<G::Emitted>>,
    /// Where asynchronous stages answer; what comes on to the crew from here, and when, is the test's.
    desk: Arc<Mailbox<G::Completion>>,
    answers: VecDeque<Notice<G::Completion>>,
    tray: Tray<G::Completion>,
    /// Until it is dropped.
    runtime: Option<Runtime>,
    /// How long a call may take, in real time.
    pub(crate) patience: Duration,
    holds_answers: bool,
    slots: Slots,
    assigned: Vec<Arc<Assigned>>,
    committed: BTreeMap<(Arc<str>, i32), i64>,
    /// Records that the lane has not taken in.
    queue: VecDeque<(Arc<Assigned>, i64, Incoming)>,
    paused: bool,
    ended: bool,
    clerks: Vec<Clerk>,
}

impl<G: Graph> Drive<G> {
    pub(crate) fn new(parts: Parts<G>, runtime: Runtime, patience: Duration) -> Self {
        let Parts {
            resources,
            control,
            mailbox,
            emissions,
            emit,
            clerks,
        } = parts;
        // What an earlier test on this thread has lost is not this one's.
        Ticket::take_dropped();
        let tray = Tray::new(Arc::clone(&mailbox));
        let mut lane = Lane::new(
            G::spec(),
            Arc::clone(&mailbox),
            Arc::clone(&control),
            runtime.handle().clone(),
            Some(Outbox::new(tray.clone())),
            Clock::still(),
        )
        .in_group(group_of(G::spec()))
        .keeping(history_of(G::spec()))
        .failing(Failing {
            written: G::WRITTEN,
            keeps: !clerks.is_empty(),
            attempts: false,
        });
        let desk = Mailbox::new();
        lane.pool.answer_to(Arc::clone(&desk));
        lane.journal = Some(Vec::new());
        control.set_phase(Phase::Running);
        Drive {
            crew: Crew::new(lane, G::new(Arc::clone(&resources)), emissions),
            resources,
            control,
            mailbox,
            emit,
            desk,
            answers: VecDeque::new(),
            tray,
            runtime: Some(runtime),
            patience,
            holds_answers: false,
            slots: Slots::new(1),
            assigned: Vec::new(),
            committed: BTreeMap::new(),
            queue: VecDeque::new(),
            paused: false,
            ended: false,
            clerks,
        }
    }

    pub(crate) fn resources(&self) -> &G::Resources {
        &self.resources
    }

    /// The time since the start.
    pub(crate) fn now(&self) -> Duration {
        self.crew.lane.clock.now().since(Moment::default())
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.ended
    }

    pub(crate) fn failures(&self) -> &[Failed] {
        self.crew.lane.journal.as_deref().unwrap_or_default()
    }

    /// What the operators hold, but for those that hold nothing.
    pub(crate) fn held(&self) -> Vec<Held> {
        let lane = &self.crew.lane;
        let now = lane.clock.now();
        let mut found = Vec::new();
        self.crew.graph.held(&mut |node, held| {
            if held.values > 0 {
                found.push(Held {
                    operator: lane.name(node),
                    values: held.values,
                    since: held.since.map_or(Duration::ZERO, |since| now.since(since)),
                });
            }
        });
        found
    }

    /// Records and values sent in that the lane has not taken in.
    pub(crate) fn queued(&self) -> usize {
        self.queue.len() + self.crew.emissions_left()
    }

    pub(crate) fn produced(&self, topic: &str) -> Vec<MessageParts> {
        self.tray.to(topic)
    }

    pub(crate) fn unacknowledged(&self) -> Vec<(String, MessageParts)> {
        self.tray.waiting()
    }

    pub(crate) fn acknowledge_by_hand(&self) {
        self.tray.set_by_hand(true);
    }

    /// All that has gone to the topics of dead letters, by topic.
    pub(crate) fn dead_letters(&self) -> Vec<(String, Vec<MessageParts>)> {
        let topics = G::spec().dead_letter_topics(group_of(G::spec()));
        let letters = topics.into_iter().map(|topic| {
            let letters = self.tray.to(&topic);
            (topic.into_owned(), letters)
        });
        letters.collect()
    }

    fn close(&mut self) {
        if self.ended {
            return;
        }
        self.ended = true;
        self.crew.close();
        self.control.set_phase(Phase::Stopped);
        if let Some(runtime) = self.runtime.take() {
            // A thread that a stage has left behind is not waited for.
            runtime.shutdown_background();
        }
    }
}

/// The group that the attribute names; without one, the pipeline's name stands for it.
fn group_of(spec: &'static Spec) -> &'static str {
    setting(spec, "group").unwrap_or(spec.name)
}

/// How many values of each node checkpoints keep, as the attribute says.
fn history_of(spec: &'static Spec) -> usize {
    let history = setting(spec, "checkpoint_history");
    history
        .and_then(|history| history.parse().ok())
        .unwrap_or(1)
}

fn setting(spec: &'static Spec, name: &str) -> Option<&'static str> {
    let mut settings = spec.settings.iter();
    let found = settings.find(|(setting, _)| *setting == name);
    found.map(|(_, value)| *value)
}

impl<G: Graph> Drop for Drive<G> {
    fn drop(&mut self) {
        self.close();
    }
}
