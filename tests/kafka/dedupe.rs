//! **With a dedupe store, what is finished is not done again**, though it is not committed: another member skips it. While
//! the store is away, the pipeline waits for it or goes on without it, as it is told to; nothing is lost either way. What
//! somebody sets the offsets back to is done again, whatever the store knows.
//!
//! The bad days: `kill -9` with 100,000 records finished behind one that is not; a Redis that is away, comes back empty, or
//! forgets everything; another client that sets the offsets back.

use std::process::Command;

use waterhealer::prelude::*;
use xtask::services::{self, Redis};

use crate::support::{
    Broker, Child, Group, Journal, Member, Watcher, eventually, heavy, ms, s, settings,
};

const KILLED: &str = "wh-dedupe-killed";
const BEHIND: usize = 100_000;

/// Kills a member with `BEHIND` records finished behind a straggler, and lets another go on. How many were done again.
fn killed_behind_a_straggler(dedupe: &str, meanwhile: impl FnOnce(&Group)) -> u64 {
    let broker = Broker::shared();
    broker.fresh_topic(KILLED, 1);
    broker.fill(KILLED, 1, BEHIND + 1);
    let group = Group::new(&broker, &[(KILLED, 1)]);
    let folder = Child::folder(KILLED);
    let journal = Journal::of_file(&folder.join("journal"));
    let watcher = Watcher::start(&group, &journal);
    let arguments = [
        "--brokers",
        broker.bootstrap(),
        "--group",
        group.name(),
        "--dedupe",
        dedupe,
        "--kafka",
        "session.timeout.ms=1000",
        "--kafka",
        "heartbeat.interval.ms=300",
    ];
    let bound = ("WATERHEALER_MAX_IN_FLIGHT", "1000000");
    // Or the commit would say what is finished, too, and the store would not be missed.
    let alone = ("WATERHEALER_DONE_SET", "false");
    let straggler = ("STRAGGLES", "yes");
    let first = Child::start_with(&folder, "deduped", &arguments, &[bound, alone, straggler]);
    eventually(s(60), "all but the straggler is finished", || {
        journal.records() == BEHIND
    });
    // The store hears of the last of them within a few milliseconds.
    std::thread::sleep(ms(500));
    first.kill();
    assert_eq!(
        group.committed_in(0).unwrap_or(0),
        0,
        "the straggler holds the commit"
    );
    meanwhile(&group);
    let second = Child::start_with(&folder, "deduped", &arguments, &[bound, alone]);
    group.wait_until_at_end(s(60));
    second.signal(crate::support::Signal::TERM);
    second.wait(s(20)).assert_code(0);
    watcher.finish(1);
    assert_eq!(journal.records(), BEHIND + 1, "every record was processed");
    group.assert_at_end();
    let repeats = journal.repeats();
    eprintln!("{dedupe}: {repeats} of {BEHIND} were processed again");
    repeats
}

#[test]
fn another_member_skips_what_redis_knows_to_be_finished() {
    let _alone = heavy();
    let redis = services::redis_url().expect("a Redis runs");
    assert_eq!(killed_behind_a_straggler(&redis, |_| {}), 0);
}

#[test]
fn the_next_process_skips_what_its_file_knows_to_be_finished() {
    let _alone = heavy();
    let folder = Child::folder("wh-dedupe-file");
    let file = folder.join("kept.redb");
    let dedupe = format!("redb:{}", file.display());
    assert_eq!(killed_behind_a_straggler(&dedupe, |_| {}), 0);
}

#[test]
fn a_redis_that_has_forgotten_costs_repeats_and_no_record() {
    let _alone = heavy();
    let (redis, _guard) = own_redis("redis-forgets");
    let url = redis.url();
    let flush = |_: &Group| {
        let flushed = Command::new("redis-cli")
            .args(["-u", &url, "FLUSHALL"])
            .output()
            .expect("redis-cli is installed with the server");
        assert!(flushed.status.success(), "{flushed:?}");
    };
    let repeats = killed_behind_a_straggler(&url, flush);
    assert_eq!(repeats, BEHIND as u64, "there was something to forget");
}

/// The committed offset is the same as before, and so is what the store knows of the offsets above it.
#[test]
fn offsets_that_another_client_sets_back_are_done_again_though_redis_knows_them() {
    let _alone = heavy();
    let redis = services::redis_url().expect("a Redis runs");
    let set_back = |group: &Group| {
        eventually(s(20), "the dead member's session is over", || {
            group.members() == 0
        });
        group.commit(0, 0, "");
    };
    let repeats = killed_behind_a_straggler(&redis, set_back);
    assert_eq!(repeats, BEHIND as u64, "somebody wanted them done again");
}

/// A Redis of this test's own, running; it is stopped at the end of the test, however that comes.
fn own_redis(name: &str) -> (Redis, StopRedis) {
    let port = services::free_port().expect("a port");
    let folder = services::home().join(name);
    let mut redis = Redis::at(&folder, port);
    redis.stop().expect("it can be stopped");
    redis.start().expect("a Redis starts");
    (redis, StopRedis(Redis::at(folder, port)))
}

struct StopRedis(Redis);

impl Drop for StopRedis {
    fn drop(&mut self) {
        let _stopped = self.0.stop();
    }
}

const AWAY: &str = "wh-dedupe-away";
const PARTITIONS: i32 = 4;
const RECORDS: usize = 40_000;

/// Records that may be finished without the store knowing it.
const ROOM: usize = 1_000;

#[pipeline(group = "from the configuration")]
mod working {
    use super::*;

    #[source(topic = "wh-dedupe-away")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 64)]
    async fn work(at: Position) -> Position {
        tokio::time::sleep(ms(at.offset.unsigned_abs() % 7)).await;
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

struct Away {
    broker: Broker,
    group: Group,
    journal: Journal,
    redis: Redis,
    _stop: StopRedis,
}

impl Away {
    fn new() -> Away {
        let broker = Broker::shared();
        broker.fresh_topic(AWAY, PARTITIONS);
        broker.fill(AWAY, PARTITIONS, RECORDS);
        let (redis, stop) = own_redis("redis-away");
        Away {
            group: Group::new(&broker, &[(AWAY, PARTITIONS)]),
            broker,
            journal: Journal::new(),
            redis,
            _stop: stop,
        }
    }

    fn config(&self, outage: &str) -> Config {
        settings(self.broker.bootstrap(), &self.group)
            .set("dedupe", self.redis.url())
            .set("dedupe_outage", outage)
            .set("max_in_flight", ROOM.to_string())
            .set("drain_timeout", "1s")
            .kafka("session.timeout.ms", "6000")
            .kafka("heartbeat.interval.ms", "300")
    }

    fn start(&self, config: Config) -> Member<impl Send + 'static + use<>> {
        let resources = working::Resources {
            journal: self.journal.clone(),
        };
        Member::start(working::pipeline(resources).config(config))
    }

    /// Waits until so many records more are processed.
    fn work(&self, more: usize) {
        let before = self.journal.records();
        eventually(s(60), "the pipeline works", || {
            self.journal.records() >= before + more
        });
    }

    /// How many records are processed, once that has not changed for a while.
    fn still(&self) -> usize {
        let mut before = usize::MAX;
        eventually(s(30), "nothing more is processed", || {
            let now = self.journal.records();
            let same = now == before;
            before = now;
            std::thread::sleep(ms(1_000));
            same
        });
        before
    }
}

#[test]
fn the_pipeline_waits_for_a_redis_that_is_away() {
    let _alone = heavy();
    let mut away = Away::new();
    let watcher = Watcher::start(&away.group, &away.journal);
    let member = away.start(away.config("block"));
    for _ in 0..2 {
        away.work(2_000);
        away.redis.stop().expect("it can be stopped");
        let then = away.journal.records();
        let still = away.still();
        assert!(still < RECORDS, "it has gone on without the store");
        // What was known to be too much is seen after a batch, and what is under way ends.
        assert!(
            still - then < ROOM + 4_000,
            "{} records went on without the store",
            still - then
        );
        away.redis.start().expect("it starts again");
    }
    away.group.wait_until_at_end(s(60));
    assert_eq!(member.state().untold, 0);
    member.stop();
    watcher.finish(5);
    assert_eq!(
        (away.journal.records(), away.journal.repeats()),
        (RECORDS, 0)
    );
    away.group.assert_at_end();
}

#[test]
fn the_pipeline_goes_on_without_a_redis_that_is_away() {
    let _alone = heavy();
    let mut away = Away::new();
    let watcher = Watcher::start(&away.group, &away.journal);
    let member = away.start(away.config("continue"));
    away.work(2_000);
    away.redis.stop().expect("it can be stopped");
    away.work(10_000);
    assert!(member.state().untold > 0, "{:?}", member.state());
    // Nor does an assignment wait for it.
    let second = away.start(away.config("continue"));
    second.wait_until_it_holds(2);
    away.redis.start().expect("it starts again");
    away.group.wait_until_at_end(s(60));
    member.stop();
    second.stop();
    watcher.finish(5);
    assert_eq!(
        (away.journal.records(), away.journal.repeats()),
        (RECORDS, 0)
    );
    away.group.assert_at_end();
}

#[test]
fn a_partition_that_comes_while_redis_is_away_waits_for_it() {
    let _alone = heavy();
    let mut away = Away::new();
    let watcher = Watcher::start(&away.group, &away.journal);
    let first = away.start(away.config("block"));
    first.wait_until_it_holds(4);
    let second = away.start(away.config("block"));
    second.wait_until_it_holds(2);
    first.wait_until_it_holds(2);
    away.work(2_000);
    away.redis.stop().expect("it can be stopped");
    away.still();
    first.stop();
    second.wait_until_it_holds(4);
    let still = away.still();
    assert!(still < RECORDS, "there is something to wait for");
    away.redis.start().expect("it starts again");
    away.group.wait_until_at_end(s(60));
    second.stop();
    watcher.finish(5);
    assert_eq!(
        (away.journal.records(), away.journal.repeats()),
        (RECORDS, 0)
    );
    away.group.assert_at_end();
}

const EXPIRED: &str = "wh-dedupe-expired";

#[pipeline(group = "from the configuration", dedupe = "memory")]
mod straggling {
    use super::*;

    #[source(topic = "wh-dedupe-expired")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 8)]
    async fn straggle(at: Position, gate: &std::sync::Arc<tokio::sync::Semaphore>) -> Position {
        if at.offset == 0 {
            let _open = gate.acquire().await;
        }
        at
    }

    #[sink(from = straggle)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// In the Python library an entry that expired while its record was still under way was lost with it. Here only finished
/// ones expire.
#[test]
fn what_expires_never_lets_the_commit_pass_an_unfinished_record() {
    let broker = Broker::shared();
    broker.fresh_topic(EXPIRED, 1);
    broker.fill(EXPIRED, 1, 5_000);
    let group = Group::new(&broker, &[(EXPIRED, 1)]);
    let journal = Journal::new();
    let watcher = Watcher::start(&group, &journal);
    let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let resources = straggling::Resources {
        gate: std::sync::Arc::clone(&gate),
        journal: journal.clone(),
    };
    let config = settings(broker.bootstrap(), &group)
        .set("dedupe_max_entries", "10")
        .set("dedupe_max_age", "1ms");
    let member = Member::start(straggling::pipeline(resources).config(config));
    eventually(s(30), "all but the straggler is finished", || {
        journal.records() == 4_999
    });
    std::thread::sleep(ms(500));
    assert_eq!(group.committed_in(0).unwrap_or(0), 0);
    gate.add_permits(1);
    group.wait_until_at_end(s(20));
    member.stop();
    watcher.finish(1);
    assert_eq!((journal.records(), journal.repeats()), (5_000, 0));
}
