//! The watchdogs: what has stood still for how long, and whether that is too long. Pure: a moment and the figures come in, a
//! verdict comes out. Who asks them, and what comes of a verdict, is `watch`'s.

use std::collections::HashMap;
use std::time::Duration;

use super::figures::{Figures, Progress};
use crate::clock::Moment;
use crate::config;
use crate::ledger::Epoch;

/// What one pipeline's watchdogs have seen.
#[derive(Debug)]
pub(super) struct Watchdogs {
    limits: config::Watchdogs,
    start: Moment,
    /// When they looked last.
    looked: Moment,
    polls: Since<u64>,
    answers: Since<u64>,
    /// When any offset was committed, or none was owed.
    healed: Moment,
    partitions: HashMap<Epoch, Since<Option<i64>>>,
}

/// Why the pipeline is to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The watchdog.
    pub(super) name: &'static str,
    /// What it saw, with the figures.
    pub(super) why: String,
    /// The consumer thread hangs, so that an end in order cannot be hoped for.
    pub(super) hangs: bool,
}

/// A figure, and since when it is the same.
#[derive(Debug, Clone, Copy)]
struct Since<T> {
    value: T,
    at: Moment,
}

impl Watchdogs {
    /// They begin to watch now.
    pub(super) fn new(limits: config::Watchdogs, now: Moment) -> Self {
        Watchdogs {
            limits,
            start: now,
            looked: now,
            polls: Since { value: 0, at: now },
            answers: Since { value: 0, at: now },
            healed: now,
            partitions: HashMap::new(),
        }
    }

    /// Looks at the pipeline; whether it is to end.
    pub(super) fn look(&mut self, now: Moment, figures: &Figures) -> Option<Verdict> {
        self.forgive(now);
        self.note(now, figures);
        self.polling(now, figures)
            .or_else(|| self.offset(now, figures))
            .or_else(|| self.brokers(now))
            .or_else(|| self.commits(figures))
            .or_else(|| self.expired(now))
    }

    /// Time in which they have not looked themselves counts for nobody: the whole process was held up, and whatever stood
    /// still did so for want of a processor.
    fn forgive(&mut self, now: Moment) {
        let unseen = now
            .since(self.looked)
            .saturating_sub(self.limits.interval * 2);
        self.looked = now;
        if unseen.is_zero() {
            return;
        }
        let partitions = self.partitions.values_mut().map(|since| &mut since.at);
        let moments = [&mut self.polls.at, &mut self.answers.at, &mut self.healed];
        for moment in partitions.chain(moments) {
            *moment = *moment + unseen;
        }
    }

    fn note(&mut self, now: Moment, figures: &Figures) {
        self.polls.note(figures.polls, now);
        self.answers.note(figures.answers, now);
        let before = std::mem::take(&mut self.partitions);
        let mut any_moved = false;
        for progress in &figures.partitions {
            let fresh = Since {
                value: progress.committed,
                at: now,
            };
            let mut since = before.get(&progress.epoch).copied().unwrap_or(fresh);
            any_moved |= since.value < progress.committed;
            since.note(progress.committed, now);
            if figures.paused || !progress.owes {
                since.at = now;
            }
            self.partitions.insert(progress.epoch, since);
        }
        let owes = figures.partitions.iter().any(|progress| progress.owes);
        if any_moved || figures.paused || !owes && !self.limits.when_idle {
            self.healed = now;
        }
    }

    /// `graceful_polling`. Before the first poll the pipeline starts, and each step of that has its own time.
    fn polling(&self, now: Moment, figures: &Figures) -> Option<Verdict> {
        let limit = self.limits.graceful_polling.filter(|_| figures.polls > 0)?;
        let silent = over(self.polls.at, now, limit)?;
        Some(Verdict {
            name: "graceful_polling",
            why: format!(
                "the consumer thread has not polled for {}, of {} that it may",
                text(silent),
                text(limit)
            ),
            hangs: true,
        })
    }

    /// `graceful_offset`: a partition in which nothing moves, unless operators hold values, which may be its own; else nothing
    /// that moves in any.
    fn offset(&self, now: Moment, figures: &Figures) -> Option<Verdict> {
        let limit = self.limits.graceful_offset?;
        let partitions = figures.partitions.iter().filter(|_| !figures.holds);
        let mut still = partitions.filter_map(|progress| {
            let since = self.partitions.get(&progress.epoch)?;
            Some((progress, over(since.at, now, limit)?))
        });
        let (what, still) = match still.next() {
            Some((progress, still)) => (of_partition(progress), still),
            None => (of_all(figures), over(self.healed, now, limit)?),
        };
        Some(Verdict {
            name: "graceful_offset",
            why: format!(
                "no offset {what} was committed for {}, of {} that it may take",
                text(still),
                text(limit)
            ),
            hangs: false,
        })
    }

    /// `brokers_away`.
    fn brokers(&self, now: Moment) -> Option<Verdict> {
        let limit = self.limits.brokers_away?;
        let silent = over(self.answers.at, now, limit)?;
        Some(Verdict {
            name: "brokers_away",
            why: format!(
                "no broker has answered for {}, of {} that they may be away",
                text(silent),
                text(limit)
            ),
            hangs: false,
        })
    }

    /// `max_total_commit`.
    fn commits(&self, figures: &Figures) -> Option<Verdict> {
        let limit = self.limits.max_total_commit?;
        (figures.commits >= limit).then(|| Verdict {
            name: "max_total_commit",
            why: format!("{} commits were made, of at most {limit}", figures.commits),
            hangs: false,
        })
    }

    /// `auto_expired`.
    fn expired(&self, now: Moment) -> Option<Verdict> {
        let limit = self.limits.auto_expired?;
        let age = over(self.start, now, limit)?;
        Some(Verdict {
            name: "auto_expired",
            why: format!(
                "it has run for {}, which is to be {}",
                text(age),
                text(limit)
            ),
            hangs: false,
        })
    }
}

impl<T: PartialEq> Since<T> {
    fn note(&mut self, value: T, now: Moment) {
        if self.value != value {
            *self = Since { value, at: now };
        }
    }
}

/// The time since then, if it is no less than the limit.
fn over(since: Moment, now: Moment, limit: Duration) -> Option<Duration> {
    let time = now.since(since);
    (time >= limit).then_some(time)
}

fn of_partition(progress: &Progress) -> String {
    format!(
        "of {}[{}], where {} are under way,",
        progress.topic,
        progress.partition,
        records(progress.in_flight)
    )
}

fn of_all(figures: &Figures) -> String {
    let in_flight = figures.partitions.iter().map(|one| one.in_flight).sum();
    format!(
        "of {} partitions, where {} are under way,",
        figures.partitions.len(),
        records(in_flight)
    )
}

fn records(count: u64) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    }
}

/// For people: seconds once there are ten of them.
fn text(time: Duration) -> humantime::FormattedDuration {
    let rounded = match time.as_secs() {
        0..10 => Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or_default()),
        seconds => Duration::from_secs(seconds),
    };
    humantime::format_duration(rounded)
}

#[cfg(test)]
mod tests;
