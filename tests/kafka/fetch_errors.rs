//! **An error in place of records loses none, and what cannot be read is said.** A broker that answers fetches with errors
//! is asked again, and reading goes on with the very next record. Where asking again does not help, the pipeline ends with
//! the broker's words and what to do about them.
//!
//! The bad days: each code that a fetch can be answered with; a rebalance while a partition stands at an error, which the
//! client takes for a record; rights that are taken away. No real broker can be asked for those, so this one is
//! librdkafka's own.

use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr as Code};
use waterhealer::prelude::*;
use waterhealer::{Error, ErrorKind};

use crate::support::{Group, Journal, Member, Mock, Watcher, s, settings};

const TOPIC: &str = "wh-fetch-errors";
const RECORDS: usize = 200;

#[pipeline(group = "from the configuration")]
mod steady {
    use super::*;

    #[source(topic = "wh-fetch-errors")]
    fn read(record: &Record<'_>) -> Position {
        record.position()
    }

    #[sink(from = read)]
    fn note(at: Position, journal: &Journal) {
        journal.note(&at.topic, at.partition, at.offset);
    }
}

struct Bench {
    mock: Mock,
    group: Group,
    journal: Journal,
}

impl Bench {
    fn new() -> Bench {
        let mock = Mock::with_topic(TOPIC, 2);
        mock.broker().fill(TOPIC, 2, RECORDS);
        let group = Group::new(&mock.broker(), &[(TOPIC, 2)]);
        let journal = Journal::new();
        Bench {
            mock,
            group,
            journal,
        }
    }

    fn start(&self) -> Member<impl Send + 'static> {
        let resources = steady::Resources {
            journal: self.journal.clone(),
        };
        let config = settings(self.mock.broker().bootstrap(), &self.group)
            .kafka("partition.assignment.strategy", "cooperative-sticky")
            .kafka("heartbeat.interval.ms", "200")
            .kafka("session.timeout.ms", "6000")
            .kafka("fetch.wait.max.ms", "50")
            .kafka("fetch.error.backoff.ms", "100");
        Member::start(steady::pipeline(resources).config(config))
    }

    fn fill(&self) {
        self.mock.broker().fill(TOPIC, 2, RECORDS);
    }

    fn refuse(&self, times: usize, code: Code) {
        self.mock.refuse(RDKafkaApiKey::Fetch, times, code);
    }

    /// Lets a member read everything, and then meet errors until it ends.
    fn ends_at(&self, code: Code) -> Error {
        let member = self.start();
        self.group.wait_until_at_end(s(20));
        self.refuse(1_000, code);
        let error = member.join(s(30)).unwrap_err();
        self.group.assert_at_end();
        error
    }
}

#[test]
fn what_may_pass_is_asked_again_and_no_record_is_passed_over() {
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let member = bench.start();
    bench.group.wait_until_at_end(s(20));
    let codes = [
        Code::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        Code::RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        Code::RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
        Code::RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
        Code::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        Code::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        Code::RD_KAFKA_RESP_ERR_UNKNOWN,
        // Here the broker hangs up.
        Code::RD_KAFKA_RESP_ERR__TRANSPORT,
    ];
    for code in codes {
        eprintln!("{code:?}");
        bench.refuse(5, code);
        bench.fill();
        bench.group.wait_until_at_end(s(30));
        bench.mock.allow(RDKafkaApiKey::Fetch);
    }
    member.stop();
    watcher.finish(codes.len());
    assert_eq!(
        (bench.journal.records(), bench.journal.repeats()),
        ((codes.len() + 1) * RECORDS, 0)
    );
}

/// In batches the client's position moves past an error as if it were a record, and a cooperative rebalance goes on from
/// that position with the partitions that are kept: the next record was lost, or all of them were read again.
#[test]
fn a_rebalance_after_an_error_goes_on_with_the_next_record() {
    let bench = Bench::new();
    let watcher = Watcher::start(&bench.group, &bench.journal);
    let first = bench.start();
    bench.group.wait_until_at_end(s(20));
    bench.refuse(5, Code::RD_KAFKA_RESP_ERR_UNKNOWN);
    std::thread::sleep(s(2));
    let second = bench.start();
    second.wait_until_it_holds(1);
    first.wait_until_it_holds(1);
    bench.fill();
    bench.group.wait_until_at_end(s(20));
    first.stop();
    second.stop();
    watcher.finish(2);
    assert_eq!(
        (bench.journal.records(), bench.journal.repeats()),
        (2 * RECORDS, 0),
        "each record once"
    );
}

#[test]
fn rights_that_are_taken_away_end_it_with_what_is_finished_committed() {
    let bench = Bench::new();
    let error = bench.ends_at(Code::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    assert_eq!(error.kind(), &ErrorKind::Broker);
    let text = error.to_string();
    assert!(text.contains("wh-fetch-errors["), "{text}");
    assert!(text.contains("READ the topics"), "{text}");
}

#[test]
fn a_record_that_the_client_may_not_take_ends_it_instead_of_standing_still() {
    let bench = Bench::new();
    let error = bench.ends_at(Code::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    assert_eq!(error.kind(), &ErrorKind::Broker);
    let text = error.to_string();
    assert!(text.contains("wh-fetch-errors["), "{text}");
    assert!(text.contains("`receive.message.max.bytes`"), "{text}");
}

/// The group may not be used: the coordinator is not told, or does not let the member join.
#[test]
fn a_group_that_may_not_be_used_ends_it() {
    for request in [RDKafkaApiKey::FindCoordinator, RDKafkaApiKey::JoinGroup] {
        let bench = Bench::new();
        let code = Code::RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
        bench.mock.refuse(request, 1_000, code);
        let error = bench.start().join(s(30)).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Broker);
        let text = error.to_string();
        assert!(text.contains("READ the group"), "{text}");
        assert_eq!(bench.journal.records(), 0);
    }
}
