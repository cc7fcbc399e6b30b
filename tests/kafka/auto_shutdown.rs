//! **A process that stands still asks for a restart.** Each watchdog of `auto_shutdown` ends its pipeline in order (nothing
//! new is taken in, what is finished is committed, the group is left), says on one line what it saw, and the process exits with
//! 75. Where the consumer thread itself hangs, the process ends without it.
//!
//! The bad days: a call that never answers, of which no metric of errors speaks; a log line into a pipe that nobody reads; a
//! memory leak that nobody finds; brokers that moved.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use xtask::services::{self, Kafka};

use crate::support::{Broker, Child, Ended, Group, Journal, Message, Signal, eventually, s};

const TOPIC: &str = "wh-watched";

/// A topic, a group and a folder for one test. They take turns, since the topic's name is in the child's program.
struct Bench {
    broker: Broker,
    group: Group,
    folder: PathBuf,
    journal: Journal,
    _alone: MutexGuard<'static, ()>,
}

impl Bench {
    fn new(test: &str, broker: Broker, records: &[&str]) -> Bench {
        static TURN: Mutex<()> = Mutex::new(());
        let alone = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        broker.fresh_topic(TOPIC, 1);
        broker.produce(TOPIC, records.iter().map(|value| Message::new(0, *value)));
        let folder = Child::folder(&format!("wh-watched-{test}"));
        Bench {
            group: Group::new(&broker, &[(TOPIC, 1)]),
            journal: Journal::of_file(&folder.join("journal")),
            folder,
            broker,
            _alone: alone,
        }
    }

    fn start(&self, program: &str, env: &[(&str, &str)]) -> Child {
        let arguments = [
            "--brokers",
            self.broker.bootstrap(),
            "--group",
            self.group.name(),
        ];
        Child::start_with(&self.folder, program, &arguments, env)
    }

    fn committed(&self) -> i64 {
        self.group.committed_in(0).unwrap_or(0)
    }
}

/// Exit code 75, and one line with the reason.
#[track_caller]
fn assert_restart(ended: &Ended, watchdog: &str, words: &[&str]) {
    ended.assert_code(75);
    let lines: Vec<&str> = ended
        .err
        .lines()
        .filter(|line| line.starts_with("restart: "))
        .collect();
    let start = format!("restart: watchdog `{watchdog}`: ");
    assert_eq!(lines.len(), 1, "{}", ended.err);
    assert!(lines[0].starts_with(&start), "{}", lines[0]);
    for word in words {
        assert!(lines[0].contains(word), "no `{word}` in: {}", lines[0]);
    }
}

#[test]
fn a_process_that_expires_is_started_again_and_does_nothing_twice() {
    let bench = Bench::new("expired", Broker::shared(), &[]);
    for run in 1..=2_usize {
        bench.broker.fill(TOPIC, 1, 500);
        let ended = bench.start("expiring", &[]).wait(s(30));
        assert_restart(&ended, "auto_expired", &["it has run for"]);
        assert_eq!(bench.committed(), run as i64 * 500, "run {run}");
        assert_eq!(bench.group.members(), 0, "run {run}: it has left the group");
    }
    assert_eq!(
        (bench.journal.records(), bench.journal.repeats()),
        (1_000, 0)
    );
}

#[test]
fn so_many_commits_end_it() {
    let bench = Bench::new("commits", Broker::shared(), &["one"]);
    let env = [
        ("HEALING_MAX_TOTAL_COMMIT", "3"),
        ("HEALING_INTERVAL", "100ms"),
        ("HEALING_SLEEP_BEFORE_SHUTDOWN", "0"),
    ];
    let mut child = bench.start("watched", &env);
    eventually(s(30), "it has made its commits", || {
        bench.broker.produce(TOPIC, [Message::new(0, "another")]);
        !child.is_running()
    });
    let ended = child.wait(s(5));
    assert_restart(
        &ended,
        "max_total_commit",
        &["commits were made, of at most 3"],
    );
    assert_eq!(bench.group.committed(), bench.journal.finished());
}

#[test]
fn a_call_that_never_answers_ends_it_with_what_is_finished_committed() {
    let records = ["one", "two", "hang", "four", "five"];
    let bench = Bench::new("offset", Broker::shared(), &records);
    let env = [
        ("HEALING_GRACEFUL_OFFSET", "2"),
        ("HEALING_INTERVAL", "100ms"),
        ("HEALING_SLEEP_BEFORE_SHUTDOWN", "0"),
    ];
    let ended = bench.start("watched", &env).wait(s(30));
    let words = [
        "no offset of wh-watched[0], where 3 records are under way, was committed for 2s",
        "work was still under way after 500ms",
    ];
    assert_restart(&ended, "graceful_offset", &words);
    assert_eq!(bench.committed(), 2, "up to the record that hangs");
    assert_eq!(bench.journal.records(), 4, "the others went on");
}

#[test]
fn an_idle_topic_does_not_end_it() {
    let bench = Bench::new("idle", Broker::shared(), &["one", "two"]);
    let env = [
        ("HEALING_GRACEFUL_OFFSET", "1"),
        ("HEALING_AUTO_EXPIRED", "6"),
        ("HEALING_INTERVAL", "100ms"),
    ];
    let ended = bench.start("watched", &env).wait(s(30));
    assert_restart(&ended, "auto_expired", &[]);
    assert_eq!(bench.committed(), 2);
    // As the Python library had it.
    let strict = ("WATERHEALER_AUTO_SHUTDOWN_WHEN_IDLE", "true");
    let env = [env[0], env[1], env[2], strict];
    let ended = bench.start("watched", &env).wait(s(30));
    assert_restart(&ended, "graceful_offset", &["was committed for 1s"]);
}

#[test]
fn a_consumer_thread_that_hangs_does_not_keep_the_process() {
    let bench = Bench::new("polling", Broker::shared(), &["one"]);
    let env = [
        ("HEALING_GRACEFUL_POLLING", "2"),
        ("HEALING_INTERVAL", "100ms"),
        ("HEALING_SLEEP_BEFORE_SHUTDOWN", "0"),
        ("WATERHEALER_DRAIN_TIMEOUT", "500ms"),
    ];
    let ended = bench.start("frozen", &env).wait(s(30));
    let words = ["the consumer thread has not polled for 2s", "left behind"];
    assert_restart(&ended, "graceful_polling", &words);
    assert_eq!(bench.committed(), 0);
}

#[test]
fn brokers_that_do_not_come_back_end_it() {
    let (port, controller) = (
        services::free_port().expect("a port"),
        services::free_port().expect("a port"),
    );
    let mut kafka = Kafka::at(services::home().join("kafka-away"), port, controller).kill_on_drop();
    kafka.kill().expect("it can be killed");
    kafka.wipe().expect("it does not run");
    kafka.start().expect("a broker starts");
    let bench = Bench::new("away", Broker::at(kafka.bootstrap()), &["one", "two"]);
    let env = [
        ("HEALING_GOT_DASK", "3s"),
        ("HEALING_INTERVAL", "200ms"),
        ("HEALING_SLEEP_BEFORE_SHUTDOWN", "0"),
    ];
    let mut child = bench.start("watched", &env);
    eventually(s(30), "it works", || {
        // A broker that has just been started has no coordinator for a while.
        let committed = bench.group.try_committed().unwrap_or_default();
        committed.values().sum::<i64>() == 2
    });
    assert!(child.is_running(), "{}", child.said("err"));
    kafka.kill().expect("it can be killed");
    let ended = child.wait(s(45));
    assert_restart(&ended, "brokers_away", &["no broker has answered for 3s"]);
}

#[test]
fn a_pipeline_that_fails_ends_its_process_unless_it_is_to_stay() {
    let bench = Bench::new("failed", Broker::shared(), &["one", "fail", "three"]);
    let ended = bench.start("watched", &[]).wait(s(30));
    ended.assert_code(1);
    ended.assert_says(&[
        "error: `work` failed at wh-watched[0]",
        "the shop has closed",
    ]);

    let child = bench.start("watched", &[("HEALING_GOT_ERROR", "false")]);
    eventually(s(20), "it has failed", || {
        child
            .said("err")
            .contains("the program stays until it gets a signal")
    });
    eventually(s(10), "it has left the group", || {
        bench.group.members() == 0
    });
    child.signal(Signal::TERM);
    let ended = child.wait(s(10));
    ended.assert_code(1);
    ended.assert_says(&["error: `work` failed"]);
    assert_eq!(bench.committed(), 1);
}

#[test]
fn a_signal_while_a_watchdog_waits_is_an_end_like_any_other() {
    let bench = Bench::new("signal", Broker::shared(), &["one"]);
    let env = [
        ("HEALING_AUTO_EXPIRED", "1"),
        ("HEALING_INTERVAL", "100ms"),
        ("HEALING_SLEEP_BEFORE_SHUTDOWN", "10m"),
    ];
    let child = bench.start("watched", &env);
    eventually(s(20), "the watchdog has spoken", || {
        child.said("err").contains("a watchdog asks for a restart")
    });
    eventually(s(20), "the record is committed", || bench.committed() == 1);
    child.signal(Signal::TERM);
    child.wait(s(10)).assert_code(0);
}

#[test]
fn mistakes_are_told_with_the_variable_they_stand_in() {
    let folder = Child::folder("wh-watched-mistakes");
    let env = [
        ("HEALING_GRACEFUL_OFFSET", "often"),
        ("HEALING_GOT_DASK", "1s"),
        ("HEALING_GOT_ERROR", "perhaps"),
        ("WATERHEALER_AUTO_SHUTDOWN_AUTO_EXPIRED", "-5"),
    ];
    let ended = Child::start_with(&folder, "watched", &["--brokers", "127.0.0.1:1"], &env);
    let ended = ended.wait(s(10));
    ended.assert_code(78);
    ended.assert_says(&[
        "4 mistakes",
        "the environment, HEALING_GRACEFUL_OFFSET: `auto_shutdown_graceful_offset` must be a time",
        "the environment, HEALING_GOT_DASK: `auto_shutdown_brokers_away` (1s) must be at least 10s",
        "the environment, HEALING_GOT_ERROR: `auto_shutdown_got_error` must be true or false, not `perhaps`",
        "the environment, WATERHEALER_AUTO_SHUTDOWN_AUTO_EXPIRED",
    ]);
    let ended = Child::start_with(
        &folder,
        "expiring",
        &["check", "--offline", "--brokers", "127.0.0.1:1"],
        &[("HEALING_GRACEFUL_POLLING", "1800")],
    );
    let ended = ended.wait(s(10));
    ended.assert_code(0);
    let line = "  watchdogs graceful_polling 30m, auto_expired 3s\n";
    assert!(ended.out.contains(line), "{}", ended.out);
}
