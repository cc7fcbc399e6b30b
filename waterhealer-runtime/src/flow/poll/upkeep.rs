//! What the consumer thread sees to between two batches: partitions that have lost their way, commits, and those of which
//! too much is in flight. What is due, and what is too much, is judged elsewhere.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::bound::Load;
use super::super::heal::Due;
use super::super::mailbox::Notice;
use super::{AGAIN, Poller};
use crate::broker::Assigned;

/// How often the records in flight are compared with their bound.
const BOUND_EVERY: Duration = Duration::from_millis(10);

/// How often the client is asked where the logs end.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How long after a partition went on elsewhere the client may take its forwarding back.
const FORWARDS: Duration = Duration::from_secs(5);

impl<C: Send + 'static> Poller<C> {
    /// Sends partitions on their way again, and sees for a while that their records come here.
    pub(super) fn lead_back(&mut self) {
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

    pub(super) fn heal(&mut self) {
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

    /// Notes where the logs end, for the lag. Of a paused partition, of which nothing is fetched, `watch` asks the broker.
    pub(super) fn look_ahead(&mut self) {
        let now = Instant::now();
        if now.duration_since(self.looked) >= LOOK_EVERY {
            self.looked = now;
            self.consumer.look_ahead(&self.desk.held());
        }
    }

    /// Stops fetching partitions of which too much is in flight, and goes on with them later.
    pub(super) fn hold_back(&mut self) {
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
}
