//! **A commit counts when the broker has said so, and at no other time.** What may pass is tried again with the next heal,
//! what cannot ends the pipeline with the broker's words and what to do about them, and a member whose commits keep failing
//! ends itself: with the exit code 75, by which a supervisor knows to start it again.
//!
//! The bad days: each code that a coordinator can answer with; a coordinator that answers late, or hangs up. No real broker
//! can be asked for those, so this one is librdkafka's own.

use std::sync::Arc;

use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr as Code};
use tokio::sync::Semaphore;
use waterhealer::prelude::*;
use waterhealer::{Config, ErrorKind};

use crate::support::{Child, Group, Journal, Member, Mock, Watcher, eventually, ms, s, settings};

const TOPIC: &str = "wh-commit-errors";
const RECORDS: usize = 400;

#[pipeline(group = "from the configuration")]
mod steady {
    use super::*;

    #[source(topic = "wh-commit-errors")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[map(from = read, concurrency = 1_000)]
    async fn work(at: Position, gate: &Arc<Semaphore>) -> Position {
        if let Ok(permit) = gate.acquire().await {
            permit.forget();
        }
        at
    }

    #[sink(from = work)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

/// A member on a broker that does as it is told.
struct Bench {
    mock: Mock,
    group: Group,
    journal: Journal,
    /// Lets as many records through as it has permits.
    gate: Arc<Semaphore>,
}

impl Bench {
    fn new() -> Bench {
        let mock = Mock::with_topic(TOPIC, 4);
        let group = Group::new(&mock.broker(), &[(TOPIC, 4)]);
        Bench {
            mock,
            group,
            journal: Journal::new(),
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    fn fill(&self) {
        self.mock.broker().fill(TOPIC, 4, RECORDS);
    }

    fn start(&self, set: impl FnOnce(Config) -> Config) -> Member<impl Send + 'static> {
        let resources = steady::Resources {
            gate: Arc::clone(&self.gate),
            journal: self.journal.clone(),
        };
        let config = settings(self.mock.broker().bootstrap(), &self.group)
            .kafka("heartbeat.interval.ms", "200")
            .kafka("session.timeout.ms", "6000")
            .kafka("fetch.wait.max.ms", "50");
        Member::start(steady::pipeline(resources).config(set(config)))
    }

    /// The next commits are answered with this.
    fn refuse(&self, times: usize, code: Code) {
        self.mock.refuse(RDKafkaApiKey::OffsetCommit, times, code);
    }

    /// A member that holds records which are about to be finished.
    fn start_before_the_first_commit(
        &self,
        set: impl FnOnce(Config) -> Config,
    ) -> Member<impl Send + 'static> {
        self.fill();
        let member = self.start(set);
        eventually(s(20), "all is under way", || {
            let state = member.state();
            state
                .partitions
                .iter()
                .map(|one| one.in_flight)
                .sum::<u64>()
                == RECORDS as u64
        });
        member
    }

    fn finish_all(&self) {
        self.gate.add_permits(1_000_000);
    }
}

#[test]
fn what_may_pass_is_tried_again_until_it_has() {
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let member = bench.start(|config| config);
    bench.finish_all();
    member.wait_until_it_holds(4);
    let codes = [
        Code::RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
        Code::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
        Code::RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
        Code::RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        Code::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        Code::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        Code::RD_KAFKA_RESP_ERR_UNKNOWN,
        // Here the broker hangs up.
        Code::RD_KAFKA_RESP_ERR__TRANSPORT,
    ];
    for code in codes {
        eprintln!("{code:?}");
        // More often than the client tries again by itself.
        bench.refuse(5, code);
        bench.fill();
        bench.group.wait_until_at_end(s(30));
        bench.mock.allow(RDKafkaApiKey::OffsetCommit);
    }
    member.stop();
    watcher.finish(codes.len());
    assert_eq!(
        (bench.journal.records(), bench.journal.repeats()),
        (codes.len() * RECORDS, 0),
        "a commit that failed is no reason to work again"
    );
}

/// The member is told that it is none any more, or that its generation is over: what it held is lost, and read again.
fn a_member_that_was_put_out_joins_anew(code: Code) {
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let member = bench.start_before_the_first_commit(|config| config);
    bench.refuse(1, code);
    bench.finish_all();
    bench.group.wait_until_at_end(s(30));
    member.stop();
    watcher.finish(1);
    assert_eq!(bench.journal.records(), RECORDS);
}

#[test]
fn a_member_that_is_not_known_any_more_joins_anew() {
    a_member_that_was_put_out_joins_anew(Code::RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
}

#[test]
fn a_member_of_an_earlier_generation_joins_anew() {
    a_member_that_was_put_out_joins_anew(Code::RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION);
}

/// Nobody can commit before somebody changes something.
fn it_ends_with_words(code: Code, words: &[&str]) {
    let bench = Bench::new();
    // Only a member with an id of its own can be fenced off.
    let set = |config: Config| config.kafka("group.instance.id", "one");
    let member = bench.start_before_the_first_commit(set);
    bench.refuse(1_000, code);
    bench.finish_all();
    let error = member.join(s(30)).unwrap_err();
    // The client gives up by itself where the member was fenced off; either may be heard first.
    let kinds = [ErrorKind::Commit, ErrorKind::Broker];
    assert!(kinds.contains(error.kind()), "{error:?}");
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "no `{word}` in: {text}");
    }
    assert!(
        bench.group.committed().values().all(|offset| *offset == 0),
        "nothing was committed, whatever was finished"
    );
}

#[test]
fn a_group_that_may_not_be_used_ends_it() {
    it_ends_with_words(
        Code::RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
        &["the broker refuses the commit", "READ the group"],
    );
}

#[test]
fn a_topic_that_may_not_be_used_ends_it() {
    it_ends_with_words(
        Code::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        &[
            "the broker refuses the commit: wh-commit-errors[",
            "READ the topics",
        ],
    );
}

#[test]
fn metadata_that_the_broker_finds_too_large_ends_it() {
    it_ends_with_words(
        Code::RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE,
        &["`offset.metadata.max.bytes`"],
    );
}

#[test]
fn a_commit_that_the_broker_finds_too_large_ends_it() {
    it_ends_with_words(
        Code::RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE,
        &["`message.max.bytes`"],
    );
}

#[test]
fn a_member_that_was_fenced_off_ends() {
    it_ends_with_words(
        Code::RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
        &["FencedInstanceId", "same `group.instance.id`"],
    );
}

#[test]
fn an_answer_that_comes_late_is_waited_for_and_nothing_counts_before() {
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let member = bench.start_before_the_first_commit(|config| config);
    bench.mock.answer_after(s(3));
    bench.finish_all();
    eventually(s(5), "all is finished", || {
        member.state().finished == RECORDS as u64
    });
    std::thread::sleep(s(1));
    let confirmed = member.state().partitions;
    assert!(
        confirmed.iter().all(|one| one.committed.unwrap_or(0) == 0),
        "no answer has come: {confirmed:?}"
    );
    bench.mock.answer_after(ms(0));
    bench.group.wait_until_at_end(s(20));
    member.stop();
    watcher.finish(1);
    assert_eq!(
        (bench.journal.records(), bench.journal.repeats()),
        (RECORDS, 0)
    );
}

#[test]
fn a_coordinator_that_is_away_gets_the_commit_when_it_is_back() {
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let member = bench.start_before_the_first_commit(|config| config);
    bench.mock.go_down();
    bench.finish_all();
    eventually(s(5), "all is finished", || {
        member.state().finished == RECORDS as u64
    });
    std::thread::sleep(s(2));
    let confirmed = member.state().partitions;
    assert!(
        confirmed.iter().all(|one| one.committed.unwrap_or(0) == 0),
        "no answer has come: {confirmed:?}"
    );
    bench.mock.come_up();
    bench.group.wait_until_at_end(s(30));
    member.stop();
    watcher.finish(1);
    assert_eq!(
        (bench.journal.records(), bench.journal.repeats()),
        (RECORDS, 0)
    );
}

#[test]
fn a_commit_that_is_never_answered_ends_it_in_the_end() {
    let bench = Bench::new();
    let set = |config: Config| config.set("commit_timeout", "2s");
    let member = bench.start_before_the_first_commit(set);
    bench.mock.answer_after(s(8));
    bench.finish_all();
    let error = member.join(s(60)).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::CommitTimeout, "{error}");
    let text = error.to_string();
    assert!(text.contains("for 2s"), "{text}");
    assert!(text.contains("not answered"), "{text}");
}

/// Runs a whole program on a broker that answers all its commits like this.
fn the_program_ends(name: &str, code: Code) -> crate::support::Ended {
    let topic = "wh-killed";
    let mock = Mock::with_topic(topic, 2);
    let broker = mock.broker();
    broker.fill(topic, 2, 100);
    mock.refuse(RDKafkaApiKey::OffsetCommit, 10_000, code);
    let folder = Child::folder(name);
    let env = [("WATERHEALER_COMMIT_TIMEOUT", "2s")];
    let arguments = ["--brokers", broker.bootstrap(), "--group", name];
    Child::start_with(&folder, "killed", &arguments, &env).wait(s(60))
}

#[test]
fn a_member_whose_commits_keep_failing_asks_to_be_started_again() {
    let code = Code::RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
    let ended = the_program_ends("wh-commit-errors-75", code);
    ended.assert_code(75);
    ended.assert_says(&[
        "commits have failed for 2s",
        "RebalanceInProgress",
        "raise `commit_timeout`",
    ]);
}

#[test]
fn a_member_that_may_not_commit_does_not() {
    let code = Code::RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
    let ended = the_program_ends("wh-commit-errors-1", code);
    ended.assert_code(1);
    ended.assert_says(&["the broker refuses the commit", "READ the group"]);
}
