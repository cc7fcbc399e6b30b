//! The consumer thread of a schedule: it does what `poll` does, by the same calls, but a step of its own choice at a time. So
//! a rebalance, a commit, a pause or the end may come between any two steps of the lanes.

use std::collections::HashMap;
use std::sync::Arc;

use shuttle::rand::{Rng, thread_rng};
use shuttle::thread::yield_now;

use super::super::control::{Control, Phase};
use super::super::desk::{Beside, Desk};
use super::super::lanes::Lanes;
use super::super::mailbox::Notice;
use super::super::slots::Slots;
use super::kafka::{Kafka, TOPIC, trouble};
use super::model::{Id, Model};
use super::stages::Value;
use crate::broker::{GroupEvents, Made, batch};
use crate::config::Settings;

/// Looks at something that has to come before it counts as stuck. Between two of them everybody else may go on.
const PATIENCE: usize = 10_000;

pub(super) struct Member {
    desk: Arc<Desk<Value>>,
    lanes: Lanes<Value>,
    control: Arc<Control>,
    kafka: Kafka,
    model: Arc<Model>,
    paused: bool,
}

impl Member {
    pub(super) fn new(
        lanes: Lanes<Value>,
        control: Arc<Control>,
        settings: &Settings,
        model: Arc<Model>,
        partitions: i32,
    ) -> Self {
        let sources = HashMap::from([(TOPIC.to_owned(), 0)]);
        let slots = Slots::new(lanes.len());
        let desk = Desk::new(
            lanes.clone(),
            Arc::clone(&control),
            settings,
            sources,
            true,
            slots,
            Beside::Nothing,
        );
        Member {
            desk,
            lanes,
            control,
            kafka: Kafka::new(Arc::clone(&model), partitions),
            model,
            paused: false,
        }
    }

    /// So many steps, or fewer if the pipeline is to end.
    pub(super) fn go(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.is_ending() {
                return;
            }
            self.follow_pause();
            self.step();
            // As `poll` does: the group's events first, and then records.
            if thread_rng().r#gen() {
                self.take();
            }
            self.model.check();
        }
    }

    fn step(&mut self) {
        match thread_rng().gen_range(0..16) {
            0..=2 => self.take(),
            3..=5 => self.lanes.tell(|| Notice::Look),
            6..=7 => self.commit(),
            8 => self.serve(),
            lost @ 9..=10 => {
                self.give_up(lost == 10);
                // They come back at once, while answers to old calls are on their way.
                if thread_rng().r#gen() {
                    self.assign();
                }
            }
            11..=12 => self.assign(),
            13 => self.hold_back(),
            14 => {
                self.is_idle();
            }
            _ => yield_now(),
        }
    }

    /// Reads all that there is and waits until it is finished, or held by the window.
    pub(super) fn finish(&mut self, has_window: bool) {
        self.patiently("the end of what there is", |member| {
            member.follow_pause();
            member.serve();
            if member.kafka.partitions(false).is_empty() {
                member.go_on();
                member.take();
            } else {
                member.assign();
            }
            member.is_ending() || member.has_read_all() && member.is_idle()
        });
        if self.is_ending() || has_window {
            return;
        }
        for assigned in self.desk.held() {
            let figures = &assigned.figures;
            let left = (figures.in_flight(), figures.bytes_in_flight());
            assert_eq!(left, (0, 0), "in flight when all is finished");
        }
    }

    /// Ends as the consumer thread does: drains, commits, leaves. The group's events are served meanwhile.
    pub(super) fn end(&mut self) {
        self.control.set_phase(Phase::Draining);
        let mut quiet = self.lanes.drain();
        let mut rebalances = 2;
        self.patiently("the drain", |member| {
            member.serve();
            if rebalances > 0 && thread_rng().gen_ratio(1, 8) {
                rebalances -= 1;
                match thread_rng().gen_range(0..3) {
                    0 => member.assign(),
                    rest => member.give_up(rest == 1),
                }
            }
            quiet.is_there()
        });
        self.desk.end();
        self.patiently("the last commit", |member| {
            member.serve();
            if member.desk.awaits_commit() {
                return false;
            }
            member.commit();
            member.desk.commits().is_empty()
        });
        let held = self.kafka.partitions(true);
        self.is_committed(&held);
        self.revoke(&held, false);
        let fault = self.desk.take_fault();
        assert!(fault.is_none(), "{fault:?}");
        self.lanes.tell(|| Notice::End);
    }

    /// Waits for what must come, doing `look` meanwhile.
    pub(super) fn patiently(&mut self, what: &str, mut look: impl FnMut(&mut Member) -> bool) {
        for _ in 0..PATIENCE {
            if look(self) {
                return;
            }
            self.model.check();
            yield_now();
        }
        panic!("stuck: {what} does not come");
    }

    pub(super) fn is_ending(&self) -> bool {
        self.control.is_halted() || self.control.is_stopping()
    }

    fn follow_pause(&mut self) {
        let wanted = self.control.is_paused();
        if wanted != self.paused {
            self.paused = wanted;
            self.lanes.tell(|| Notice::Pause(wanted));
        }
    }

    /// A batch for one lane, of one or two of its partitions.
    fn take(&self) {
        if self.paused {
            return;
        }
        let lane = thread_rng().gen_range(0..self.lanes.len());
        let mut messages: Vec<Made> = Vec::new();
        for number in self.some(true) {
            if number as usize % self.lanes.len() == lane {
                if thread_rng().gen_ratio(1, 8) {
                    messages.push(trouble(number));
                }
                let at_most = thread_rng().gen_range(1..4);
                messages.extend(self.kafka.read(number, at_most));
            }
        }
        if messages.is_empty() || !self.lanes.mailbox(lane).has_room() {
            return;
        }
        for record in messages.iter().filter(|message| !message.is_trouble) {
            let owned = self.kafka.owned(record.partition);
            self.model.send(Id {
                partition: record.partition,
                epoch: owned.expect("it is read").0,
                offset: record.offset,
            });
        }
        let batch = batch(messages, |taken, topic| self.desk.whose(taken, topic));
        self.lanes.mailbox(lane).push(batch);
    }

    fn commit(&self) {
        // As healing does: one at a time.
        if !self.desk.awaits_commit() {
            let commits = self.desk.commits();
            if !commits.is_empty() {
                self.desk.commit_sent(self.kafka.commit(&commits));
            }
        }
    }

    fn serve(&self) {
        if let Some(answered) = self.kafka.answer() {
            self.desk.committed(answered);
        }
    }

    fn assign(&self) {
        let partitions = self.some(false);
        let begins = self.desk.assigned(&self.kafka, &named(&partitions));
        let lanes: Vec<usize> = begins.iter().map(|begin| begin.lane).collect();
        let expected: Vec<usize> = partitions
            .iter()
            .map(|number| *number as usize % self.lanes.len())
            .collect();
        assert_eq!(lanes, expected, "the lanes of {partitions:?}");
        for assigned in self.desk.held() {
            if partitions.contains(&assigned.partition) {
                self.kafka.assign(&assigned);
            }
        }
    }

    /// Some partitions go to others: with a commit, or they have gone already.
    fn give_up(&self, lost: bool) {
        self.revoke(&self.some(true), lost);
    }

    fn revoke(&self, partitions: &[i32], lost: bool) {
        // A commit of what is lost is then found.
        let before = partitions.iter().filter(|_| lost);
        before.for_each(|number| self.kafka.take_away(*number));
        crate::sync::take_timeouts();
        self.desk.revoked(&self.kafka, &named(partitions), lost);
        if !lost && crate::sync::take_timeouts() == 0 {
            self.is_committed(partitions);
        }
        let after = partitions.iter().filter(|_| !lost);
        after.for_each(|number| self.kafka.take_away(*number));
    }

    /// All that was under way is finished, and so the last commit of these has to be as far as can be.
    fn is_committed(&self, partitions: &[i32]) {
        for number in partitions {
            let (epoch, committed) = self.kafka.owned(*number).expect("it is owned");
            if let Some(position) = self.model.position(*number, epoch) {
                let last = self.kafka.wanted(*number).max(Some(committed));
                assert_eq!(last, Some(position), "the last commit of {number}");
            }
        }
    }

    /// Stops reading a partition, as if too much of it were in flight, or goes on.
    fn hold_back(&self) {
        for assigned in self.desk.held() {
            let wanted = thread_rng().r#gen();
            assigned.figures.set_paused(wanted);
            self.kafka.pause(assigned.partition, wanted);
        }
    }

    fn go_on(&self) {
        for assigned in self.desk.held() {
            assigned.figures.set_paused(false);
            self.kafka.pause(assigned.partition, false);
        }
    }

    /// What `--until-end` and the end of files ask. Once it halts, nobody goes by it.
    fn is_idle(&self) -> bool {
        let is_idle = self.desk.is_idle();
        if is_idle && !self.is_ending() {
            for assigned in self.desk.held() {
                self.model.rest(assigned.partition, assigned.epoch.0);
            }
        }
        is_idle
    }

    fn has_read_all(&self) -> bool {
        let owned = self.kafka.partitions(true);
        owned.iter().all(|number| self.kafka.has_read_all(*number))
    }

    /// Some of the partitions that this member has, or has not; none, too.
    fn some(&self, owned: bool) -> Vec<i32> {
        let all = self.kafka.partitions(owned).into_iter();
        all.filter(|_| thread_rng().gen_ratio(2, 3)).collect()
    }
}

fn named(partitions: &[i32]) -> Vec<(String, i32)> {
    let named = partitions.iter().map(|number| (TOPIC.to_owned(), *number));
    named.collect()
}
