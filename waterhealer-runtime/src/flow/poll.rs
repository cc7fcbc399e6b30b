//! The consumer thread: it owns the Kafka consumer and nothing else touches it. It takes batches, serves the group's
//! events, heals, holds partitions back, and ends the pipeline in order. It never waits for user code but in a revoke,
//! and there no longer than the drain timeout.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::bound::Load;
use super::control::{Control, Phase};
use super::dedupe::Dedupe;
use super::desk::{Beside, Desk};
use super::ending::{Ending, conclude, unfinished};
use super::exact::Exact;
use super::heal::Due;
use super::lanes::Lanes;
use super::mailbox::Notice;
use super::slots::Slots;
use super::watch::Watch;
use crate::broker::{Assigned, Consumer, Ends, Taken, Trouble};
use crate::config::{Bound, Settings};
use crate::error::{Error, ErrorKind};
use crate::graph::Spec;
use crate::store::Keeper;

/// Records taken from the client at once: a thousand to ten thousand are equally fast, and all are given back together.
const AT_ONCE: usize = 3_000;

/// How long an idle consumer waits for a record before it looks at the group's events, and whether it is to stop.
const IDLE: Duration = Duration::from_millis(5);

/// How long it waits for the group's events at the end, between two looks at what the end waits for.
const ENDING: Duration = Duration::from_millis(1);

/// How long a consumer that may not take records waits before it looks again.
const HELD: Duration = Duration::from_millis(1);

/// How often the broker is asked whether there is more, by a pipeline that ends when there is not.
const ASK_EVERY: Duration = Duration::from_millis(30);

/// How often the records in flight are compared with their bound.
const BOUND_EVERY: Duration = Duration::from_millis(10);

/// How long the last commit may take, and the farewell to the group if a stage still holds records.
const FAREWELL: Duration = Duration::from_secs(10);

/// How long after a partition went on elsewhere the client may take its forwarding back.
const FORWARDS: Duration = Duration::from_secs(5);

/// Between two tries of the last commit, while the group is rebalancing.
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

    /// Sends partitions on their way again, and sees for a while that their records come here.
    fn lead_back(&mut self) {
        let now = Instant::now();
        if self.desk.lead_back(&self.consumer.group()) {
            self.forwards = Some((now + FORWARDS, now));
        }
        if let Some((until, again)) = self.forwards.filter(|(_, again)| *again <= now) {
            for assigned in self.desk.held() {
                self.consumer.forward(&assigned);
            }
            self.forwards = (now < until).then_some((until, again + AGAIN));
        }
    }

    fn heal(&mut self) {
        match self.desk.heal_due(Instant::now()) {
            Due::Nothing => {}
            Due::Look if self.desk.is_exact() => {}
            Due::Commit if self.desk.is_exact() => self.desk.turn(&self.consumer, self.grace),
            Due::Look => self.lanes.tell(|| Notice::Flush),
            Due::Commit => self.commit(),
        }
    }

    fn commit(&mut self) {
        self.consumer.look_past(&self.desk.held());
        let commits = self.desk.commits();
        if !commits.is_empty() {
            self.desk.commit_sent(self.consumer.commit(&commits));
        }
    }

    /// Stops fetching partitions of which too much is in flight, and goes on with them later.
    fn hold_back(&mut self) {
        let now = Instant::now();
        if now.duration_since(self.bounded) < BOUND_EVERY {
            return;
        }
        self.bounded = now;
        let held = self.desk.held();
        let load = |assigned: &Arc<Assigned>| Load {
            records: assigned.figures.in_flight(),
            bytes: assigned.figures.bytes_in_flight(),
            paused: assigned.figures.is_paused(),
            resting: self.control.is_at_rest(assigned.lane),
            doubled: assigned.figures.doubled(),
        };
        let loads: Vec<Load> = held.iter().map(load).collect();
        let verdicts = self.bound.judge(&loads);
        for ((assigned, load), verdict) in held.iter().zip(loads).zip(verdicts) {
            let (topic, partition) = (&*assigned.topic, assigned.partition);
            if verdict.doubled > load.doubled {
                tracing::warn!(
                    topic,
                    partition,
                    in_flight = load.records,
                    "operators hold all that may be in flight and wait for more, so more is read: raise `max_in_flight` \
                     above what a window takes"
                );
            }
            assigned.figures.set_doubled(verdict.doubled);
            if verdict.pause && !load.paused || verdict.doubled > load.doubled {
                self.lanes.mailbox(assigned.lane).notify(Notice::Flush);
            }
            if verdict.pause != load.paused {
                assigned.figures.set_paused(verdict.pause);
                self.consumer.pause(&[(topic, partition)], verdict.pause);
                tracing::info!(
                    topic,
                    partition,
                    in_flight = load.records,
                    bytes = load.bytes,
                    pause = verdict.pause,
                    "records in flight"
                );
            }
        }
    }

    fn end(mut self, ending: Ending) -> Result<(), Error> {
        self.control.set_phase(Phase::Draining);
        let (drained, committed) = match self.desk.is_exact() {
            true => (self.end_transactions(&ending), Ok(())),
            false => {
                let drained = self.drain();
                self.desk.end();
                (drained, self.commit_the_rest())
            }
        };
        self.consumer.close(FAREWELL);
        conclude(ending, committed.and(drained), &self.control, true)
    }

    /// What is under way goes into a last transaction, and what operators give at the end into one of its own: they may
    /// keep a record back of which they give something, and then that is read again. None, if the pipeline has failed.
    fn end_transactions(&mut self, ending: &Ending) -> Result<(), Error> {
        let mut ended = Ok(());
        if matches!(ending, Ending::Orderly) && !self.control.is_halted() {
            self.lanes.tell(|| Notice::Pause(true));
            self.desk.turn(&self.consumer, self.grace);
            if !self.desk.has_failed() && !self.control.is_halted() {
                ended = self.drain();
                self.desk.turn(&self.consumer, self.grace);
            }
        }
        self.desk.end_transaction();
        self.desk.end();
        ended.and(self.desk.take_fault().map_or(Ok(()), Err))
    }

    fn drain(&mut self) -> Result<(), Error> {
        let mut quiet = self.lanes.drain();
        let until = Instant::now() + self.grace;
        while Instant::now() < until {
            // The group's events are served meanwhile: a rebalance does not wait for our end.
            self.serve(ENDING);
            if quiet.is_there() {
                return Ok(());
            }
        }
        Err(unfinished(self.grace))
    }

    fn commit_the_rest(&mut self) -> Result<(), Error> {
        let until = Instant::now() + FAREWELL;
        let mut again = Instant::now();
        loop {
            if !self.desk.awaits_commit() && Instant::now() >= again {
                again = Instant::now() + AGAIN;
                if let Some(fault) = self.desk.take_fault() {
                    return Err(fault);
                }
                self.consumer.look_past(&self.desk.held());
                let commits = self.desk.commits();
                if commits.is_empty() {
                    return Ok(());
                }
                self.desk.commit_sent(self.consumer.commit(&commits));
            }
            if Instant::now() > until {
                return Err(Error::new(
                    ErrorKind::Commit,
                    "the last commit was not answered: the records since the one before are read again at the next start",
                ));
            }
            self.serve(ENDING);
        }
    }
}
