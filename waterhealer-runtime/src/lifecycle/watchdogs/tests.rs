//! The watchdogs on a clock that is moved by hand, for days.

use std::sync::Arc;

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// Nothing is watched.
const NOTHING: config::Watchdogs = config::Watchdogs {
    got_error: true,
    graceful_offset: None,
    when_idle: false,
    graceful_polling: None,
    brokers_away: None,
    auto_expired: None,
    max_total_commit: None,
    interval: MINUTE,
    sleep_before_shutdown: Duration::ZERO,
};

/// A pipeline that does as it is told, its watchdogs, and the clock.
struct Bench {
    watchdogs: Watchdogs,
    now: Duration,
    figures: Figures,
    /// What goes on with each look.
    polls: bool,
    answers: bool,
    commits: bool,
}

impl Bench {
    fn new(limits: config::Watchdogs) -> Bench {
        Bench {
            watchdogs: Watchdogs::new(limits, Moment::default()),
            now: Duration::ZERO,
            figures: Figures {
                partitions: vec![partition(0), partition(1)],
                ..Figures::default()
            },
            polls: true,
            answers: true,
            commits: true,
        }
    }

    fn look(&mut self) -> Option<Verdict> {
        self.figures.polls += u64::from(self.polls);
        self.figures.answers += u64::from(self.answers);
        if self.commits {
            self.figures.commits += 1;
            for one in &mut self.figures.partitions {
                one.committed = Some(one.committed.unwrap_or(0) + 1);
            }
        }
        self.watchdogs
            .look(Moment::default() + self.now, &self.figures)
    }

    /// So much time, with a look each minute: when there was a verdict, and which.
    fn pass(&mut self, time: Duration) -> Option<(Duration, Verdict)> {
        let until = self.now + time;
        while self.now < until {
            self.now += MINUTE;
            if let Some(verdict) = self.look() {
                return Some((self.now, verdict));
            }
        }
        None
    }

    /// Nothing is said in this time.
    #[track_caller]
    fn quiet(&mut self, time: Duration) {
        assert_eq!(self.pass(time), None);
    }

    /// Something is said when so much time has passed, by this watchdog.
    #[track_caller]
    fn barks_after(&mut self, time: Duration, name: &str) -> Verdict {
        let start = self.now;
        let (at, verdict) = self.pass(time + DAY).expect("a watchdog has a word");
        assert_eq!((at - start, verdict.name), (time, name), "{}", verdict.why);
        verdict
    }
}

fn partition(number: i32) -> Progress {
    Progress {
        epoch: Epoch(number.unsigned_abs()),
        topic: Arc::from("orders"),
        partition: number,
        committed: None,
        in_flight: 7,
        owes: true,
    }
}

#[test]
fn nothing_barks_that_was_not_asked() {
    let mut bench = Bench::new(NOTHING);
    bench.polls = false;
    bench.answers = false;
    bench.commits = false;
    bench.quiet(3 * DAY);
}

#[test]
fn a_pipeline_that_has_run_for_days_expires_after_days() {
    // The part of a time below a day, which the Python library looked at, never reaches this limit.
    let mut bench = Bench::new(config::Watchdogs {
        auto_expired: Some(3 * DAY + HOUR),
        ..NOTHING
    });
    let verdict = bench.barks_after(3 * DAY + HOUR, "auto_expired");
    assert_eq!(
        verdict.why,
        "it has run for 3days 1h, which is to be 3days 1h"
    );
    assert!(!verdict.hangs);
}

#[test]
fn offsets_that_stand_still_for_days_are_noticed_after_days() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_offset: Some(25 * HOUR),
        ..NOTHING
    });
    bench.quiet(5 * DAY);
    bench.commits = false;
    let verdict = bench.barks_after(25 * HOUR, "graceful_offset");
    assert_eq!(
        verdict.why,
        "no offset of orders[0], where 7 records are under way, was committed for 1day 1h, of 1day 1h that it may take"
    );
}

#[test]
fn an_idle_topic_is_no_reason_to_end() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_offset: Some(HOUR),
        ..NOTHING
    });
    bench.commits = false;
    for one in &mut bench.figures.partitions {
        one.owes = false;
    }
    bench.quiet(3 * DAY);
    // The time of work counts from when it came.
    bench.figures.partitions[1].owes = true;
    bench.barks_after(HOUR, "graceful_offset");
}

#[test]
fn an_idle_topic_is_a_reason_to_end_where_that_is_asked() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_offset: Some(HOUR),
        when_idle: true,
        ..NOTHING
    });
    bench.quiet(3 * DAY);
    bench.commits = false;
    for one in &mut bench.figures.partitions {
        one.owes = false;
    }
    let verdict = bench.barks_after(HOUR, "graceful_offset");
    assert!(verdict.why.contains("of 2 partitions"), "{}", verdict.why);
}

#[test]
fn one_partition_that_stands_still_is_noticed_beside_others_that_go_on() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_offset: Some(HOUR),
        ..NOTHING
    });
    bench.commits = false;
    let verdict = loop {
        bench.figures.partitions[0].committed = Some(bench.now.as_secs() as i64);
        if let Some((at, verdict)) = bench.pass(MINUTE) {
            assert_eq!(at, HOUR + MINUTE);
            break verdict;
        }
    };
    assert!(verdict.why.contains("orders[1]"), "{}", verdict.why);
}

#[test]
fn what_operators_hold_may_wait_as_long_as_anything_moves() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_offset: Some(HOUR),
        ..NOTHING
    });
    bench.figures.holds = true;
    bench.commits = false;
    for _ in 0..3 * 24 {
        bench.figures.partitions[0].committed = Some(bench.now.as_secs() as i64);
        bench.quiet(HOUR / 2);
    }
    bench.barks_after(HOUR / 2 + MINUTE, "graceful_offset");
}

#[test]
fn a_pause_is_no_reason_to_end() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_offset: Some(HOUR),
        ..NOTHING
    });
    bench.commits = false;
    bench.quiet(HOUR / 2);
    bench.figures.paused = true;
    bench.quiet(3 * DAY);
    bench.figures.paused = false;
    bench.barks_after(HOUR, "graceful_offset");
}

#[test]
fn a_partition_that_is_assigned_anew_has_its_time_anew() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_offset: Some(HOUR),
        ..NOTHING
    });
    bench.commits = false;
    let moves = |bench: &mut Bench, time: Duration| {
        let until = bench.now + time;
        while bench.now < until {
            bench.figures.partitions[0].committed = Some(bench.now.as_secs() as i64);
            if let Some((at, verdict)) = bench.pass(MINUTE) {
                return Some((at, verdict));
            }
        }
        None
    };
    assert_eq!(moves(&mut bench, HOUR), None);
    bench.figures.partitions[1].epoch = Epoch(100);
    let (at, verdict) = moves(&mut bench, DAY).expect("it stands still");
    assert_eq!(at, 2 * HOUR + MINUTE);
    assert!(verdict.why.contains("orders[1]"), "{}", verdict.why);
}

#[test]
fn a_consumer_thread_that_does_not_poll_cannot_end_in_order() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_polling: Some(30 * MINUTE),
        ..NOTHING
    });
    bench.polls = false;
    bench.quiet(3 * DAY);
    bench.polls = true;
    bench.quiet(3 * DAY);
    bench.polls = false;
    let verdict = bench.barks_after(30 * MINUTE, "graceful_polling");
    assert!(verdict.hangs);
    assert_eq!(
        verdict.why,
        "the consumer thread has not polled for 30m, of 30m that it may"
    );
}

#[test]
fn brokers_may_be_away_for_a_while_and_not_for_longer() {
    let mut bench = Bench::new(config::Watchdogs {
        brokers_away: Some(26 * HOUR),
        ..NOTHING
    });
    bench.answers = false;
    bench.quiet(25 * HOUR);
    bench.answers = true;
    bench.quiet(3 * DAY);
    bench.answers = false;
    bench.barks_after(26 * HOUR, "brokers_away");
}

#[test]
fn so_many_commits_and_no_more() {
    let mut bench = Bench::new(config::Watchdogs {
        max_total_commit: Some(5_000),
        ..NOTHING
    });
    let verdict = bench.barks_after(5_000 * MINUTE, "max_total_commit");
    assert_eq!(verdict.why, "5000 commits were made, of at most 5000");
}

#[test]
fn a_process_that_was_stopped_for_days_and_goes_on_is_not_blamed_for_it() {
    let mut bench = Bench::new(config::Watchdogs {
        graceful_polling: Some(HOUR),
        graceful_offset: Some(HOUR),
        brokers_away: Some(HOUR),
        ..NOTHING
    });
    bench.quiet(DAY);
    bench.polls = false;
    bench.answers = false;
    bench.commits = false;
    bench.quiet(HOUR / 2);
    bench.now += 3 * DAY;
    assert_eq!(bench.look(), None);
    // What stood still before goes on to count.
    bench.barks_after(HOUR / 2 - 2 * MINUTE, "graceful_polling");
}

#[test]
fn a_long_sleep_does_not_make_it_younger() {
    let mut bench = Bench::new(config::Watchdogs {
        auto_expired: Some(2 * DAY),
        ..NOTHING
    });
    bench.quiet(HOUR);
    bench.now += 3 * DAY;
    let verdict = bench.look().expect("it has expired long ago");
    assert_eq!(verdict.name, "auto_expired");
}

#[test]
fn the_first_moment_of_a_limit_counts() {
    let limits = config::Watchdogs {
        auto_expired: Some(10 * SECOND),
        ..NOTHING
    };
    let mut watchdogs = Watchdogs::new(limits, Moment::default());
    let mut look = |after: Duration| watchdogs.look(Moment::default() + after, &Figures::default());
    assert_eq!(look(10 * SECOND - Duration::from_nanos(1)), None);
    assert!(look(10 * SECOND).is_some());
}
