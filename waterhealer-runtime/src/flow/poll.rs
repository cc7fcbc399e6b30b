//! The consumer thread: it owns the Kafka consumer and nothing else touches it. It takes batches, serves the group's
//! events, heals and holds partitions back (`upkeep`), and ends the pipeline in order (`last`). It never waits for user
//! code but in a revoke, and there no longer than the drain timeout.

mod last;
mod upkeep;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::control::{Control, Phase};
use super::dedupe::Dedupe;
use super::desk::{Beside, Desk};
use super::ending::Ending;
use super::exact::Exact;
use super::lanes::Lanes;
use super::mailbox::Notice;
use super::slots::Slots;
use super::watch::Watch;
use crate::broker::{Consumer, Ends, Taken, Trouble};
use crate::config::{Bound, Settings};
use crate::error::Error;
use crate::graph::Spec;
use crate::store::Keeper;

/// Records taken from the client at once: a thousand to ten thousand are equally fast, and all are given back together.
const AT_ONCE: usize = 3_000;

/// How long an idle consumer waits for a record before it looks at the group's events, and whether it is to stop.
const IDLE: Duration = Duration::from_millis(5);

/// How long a consumer that may not take records waits before it looks again.
const HELD: Duration = Duration::from_millis(1);

/// How often the broker is asked whether there is more, by a pipeline that ends when there is not.
const ASK_EVERY: Duration = Duration::from_millis(30);

/// Between two tries of what goes wrong while the group is rebalancing.
const AGAIN: Duration = Duration::from_millis(100);

/// The consumer thread.
pub(crate) struct Poller<C> {
    consumer: Arc<Consumer>,
    desk: Arc<Desk<C>>,
    lanes: Lanes<C>,
    /// The lane whose records are waited for next, when there are none.
    turn: usize,
    control: Arc<Control>,
    grace: Duration,
    bound: Bound,
    /// Of a pipeline that ends when everything is read.
    ends: Option<Ends>,
    /// Whether there are sources of files, too.
    reads_files: bool,
    /// The client had nothing to give when it was last asked.
    starved: bool,
    /// When the broker was last asked for the ends of the partitions.
    asked: Instant,
    paused: bool,
    bounded: Instant,
    /// When the ends of the logs were last looked at.
    looked: Instant,
    last_trouble: Option<(String, Instant)>,
    /// Until when partitions are forwarded again, and when next.
    forwards: Option<(Instant, Instant)>,
    _watch: Watch,
}

impl<C: Send + 'static> Poller<C> {
    /// Connects and subscribes; the group is joined once [`run`](Poller::run) polls.
    ///
    /// # Errors
    /// When the client refuses its configuration or the topics.
    pub(crate) fn connect(
        spec: &'static Spec,
        settings: &Settings,
        lanes: Lanes<C>,
        control: Arc<Control>,
        slots: Slots,
        exact: Option<Exact<C>>,
        keeper: Option<Arc<Keeper>>,
    ) -> Result<Self, Error> {
        let sources = spec
            .read_topics()
            .map(|(topic, node)| (topic.to_owned(), node))
            .collect();
        let desk = Desk::new(
            lanes.clone(),
            Arc::clone(&control),
            settings,
            sources,
            spec.tells_commits(),
            slots,
            match (exact, keeper) {
                (Some(exact), _) => Beside::Transactions(exact),
                (None, Some(keeper)) => Beside::Store(Dedupe::new(keeper, &settings.group)),
                (None, None) => Beside::Nothing,
            },
        );
        let events = Arc::clone(&desk);
        let consumer = Consumer::connect(&settings.consumer, events, lanes.len())?;
        let ends = settings
            .until_end
            .then(|| Ends::connect(&settings.consumer))
            .transpose()?;
        let topics: Vec<&str> = spec.read_topics().map(|(topic, _)| topic).collect();
        consumer.subscribe(&topics)?;
        Ok(Poller {
            _watch: Watch::start(&desk, settings)?,
            consumer,
            desk,
            lanes,
            turn: 0,
            control,
            grace: settings.shutdown_grace,
            bound: settings.bound,
            ends,
            reads_files: spec.read_files().next().is_some(),
            starved: false,
            asked: Instant::now(),
            paused: false,
            bounded: Instant::now(),
            looked: Instant::now(),
            last_trouble: None,
            forwards: None,
        })
    }

    /// Polls until the pipeline ends, and ends it in order: drain, commit, leave.
    ///
    /// # Errors
    /// Why it ended, unless it was asked to.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        let ending = loop {
            self.serve(Duration::ZERO);
            if let Some(ending) = self.ending() {
                break ending;
            }
            self.follow_pause();
            self.take();
            self.lead_back();
            self.heal();
            self.hold_back();
            self.look_ahead();
        };
        self.end(ending)
    }

    fn ending(&mut self) -> Option<Ending> {
        if let Some(fault) = self.desk.take_fault() {
            return Some(Ending::Fault(fault));
        }
        let ends = self.control.is_halted() || self.control.is_stopping() || self.is_done();
        ends.then_some(Ending::Orderly)
    }

    /// Whether everything is read and finished. The broker is asked, so not at every turn.
    fn is_done(&mut self) -> bool {
        let Some(ends) = &self.ends else {
            return false;
        };
        if !self.starved || !self.desk.is_idle() {
            return false;
        }
        if self.reads_files && !self.control.is_done_with_files() {
            return false;
        }
        if self.desk.is_exact() && !self.desk.commits().is_empty() {
            // A transaction may still be aborted, and its records are then read again.
            return false;
        }
        let now = Instant::now();
        if now.duration_since(self.asked) < ASK_EVERY {
            return false;
        }
        self.asked = now;
        ends.are_reached(&self.consumer, &self.desk.held())
    }

    /// Lets the client tell what has come up; rebalances happen in here.
    fn serve(&mut self, wait: Duration) {
        self.control.beat();
        match self.consumer.serve(wait) {
            None => {}
            Some(Trouble::Fatal(why)) => {
                self.desk.fail(Error::broker(format!(
                    "the Kafka client cannot go on: {why}"
                )));
            }
            Some(Trouble::Transient(why)) => self.warn(why),
        }
    }

    /// The client repeats itself while a broker is away; once in ten seconds is enough to know.
    fn warn(&mut self, why: String) {
        let now = Instant::now();
        let repeated = self.last_trouble.as_ref().is_some_and(|(last, since)| {
            *last == why && now.duration_since(*since) < Duration::from_secs(10)
        });
        if !repeated {
            tracing::warn!(
                why,
                "Kafka is in trouble; nothing is lost and the client tries again"
            );
            self.last_trouble = Some((why, now));
        }
    }

    fn take(&mut self) {
        if self.paused {
            return self.serve(IDLE);
        }
        if self.desk.awaits_store() {
            self.starved = false;
            return self.serve(HELD);
        }
        let count = self.lanes.len();
        let (mut any_room, mut any_record) = (false, false);
        for step in 0..count {
            let lane = (self.turn + step) % count;
            if self.lanes.mailbox(lane).has_room() {
                any_room = true;
                any_record |= self.take_for(lane, Duration::ZERO);
            }
        }
        if !any_room {
            return self.serve(HELD);
        }
        if !any_record {
            // One of them is waited for; the next one has its turn after that.
            self.turn = (self.turn + 1) % count;
            let lane = self.turn;
            if self.lanes.mailbox(lane).has_room() {
                any_record = self.take_for(lane, IDLE / count as u32);
            }
        }
        self.starved = !any_record;
    }

    /// Takes what there is for a lane; false if there is nothing.
    fn take_for(&mut self, lane: usize, wait: Duration) -> bool {
        let desk = &self.desk;
        let whose = |taken: Taken<'_>, topic: &dyn Fn() -> String| desk.whose(taken, topic);
        let Some(batch) = self.consumer.take(lane, wait, AT_ONCE, whose) else {
            return false;
        };
        self.lanes.mailbox(lane).push(batch);
        true
    }

    fn follow_pause(&mut self) {
        let wanted = self.control.is_paused();
        if wanted != self.paused {
            self.paused = wanted;
            self.lanes.tell(|| Notice::Pause(wanted));
        }
        self.control
            .set_phase(match (self.paused, self.desk.has_joined()) {
                (true, _) => Phase::Paused,
                (false, true) => Phase::Running,
                (false, false) => Phase::Starting,
            });
    }
}
