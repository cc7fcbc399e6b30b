//! The one room with `unsafe` code, `broker/native/`, under valgrind: batches taken, read to the end, left in the middle
//! and dropped with records in them, headers and timestamps read, commits answered. No access may be invalid.
//!
//! `cargo xtask test memory` installs valgrind where it is missing and runs it.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use waterhealer_runtime::private::{
    Cardinality, Failure, Graph, Handling, Lane, NoEmit, NodeKind, NodeSpec, OnError, Record, Spec,
    Ticket, guard,
};
use waterhealer_runtime::{Config, Embedded, ErrorKind, Pipeline};

const TOPIC: &str = "bytes";
const RECORDS: usize = 600;

/// Valgrind's exit code when it has found something.
const FOUND: i32 = 97;

#[test]
#[ignore = "needs valgrind and a minute: `cargo xtask test memory`"]
fn no_access_is_invalid() {
    let program = std::env::current_exe().expect("a test knows its program");
    let status = Command::new("valgrind")
        .arg(format!("--error-exitcode={FOUND}"))
        .args(["--quiet", "--fair-sched=yes", "--num-callers=20"])
        .arg(program)
        .args(["--exact", "batches_are_read_left_and_dropped"])
        .status()
        .expect("valgrind is installed: `cargo xtask test memory` sees to it");
    assert_ne!(
        status.code(),
        Some(FOUND),
        "valgrind has found invalid accesses"
    );
    assert!(status.success(), "{status}");
}

#[test]
fn batches_are_read_left_and_dropped() {
    let broker = Embedded::start().expect("the embedded broker starts");
    broker.create_topic(TOPIC, 2).expect("the topic is new");
    fill(broker.bootstrap());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    // The first run fails in the middle of a batch, and drops it and those behind it; the second goes on from there.
    let failing = runtime
        .block_on(pipeline(&broker, RECORDS / 4).run())
        .expect_err("a record fails");
    assert!(
        matches!(failing.kind(), ErrorKind::Halted { .. }),
        "{failing}"
    );
    let report = runtime
        .block_on(pipeline(&broker, usize::MAX).run())
        .expect("the rest is read");
    assert_eq!(report.finished as usize, RECORDS - RECORDS / 4);
}

fn pipeline(broker: &Embedded, fails_after: usize) -> Pipeline<Bytes> {
    Pipeline::new(fails_after).config(
        Config::new()
            .embedded(broker)
            .group("memory")
            .interval(Duration::from_millis(50))
            .until_end(),
    )
}

fn fill(brokers: &str) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .create()
        .expect("a producer");
    for number in 0..RECORDS {
        let value = vec![b'v'; number];
        let key = number.to_string();
        let headers = OwnedHeaders::new()
            .insert(Header {
                key: "with",
                value: Some("a value"),
            })
            .insert(Header::<&str> {
                key: "without",
                value: None,
            });
        let mut record: BaseRecord<'_, String, Vec<u8>> = BaseRecord::to(TOPIC)
            .partition((number % 2) as i32)
            .key(&key)
            .headers(headers);
        if number % 10 != 0 {
            record = record.payload(&value);
        }
        producer.send(record).expect("the queue has room");
    }
    producer
        .flush(Duration::from_secs(60))
        .expect("the broker takes them");
}

/// A source that reads every byte, and fails once it has read so many records.
struct Bytes {
    fails_after: usize,
    read: usize,
}

static SPEC: Spec = Spec {
    name: "bytes",
    settings: &[],
    nodes: &[NodeSpec {
        name: "read",
        kind: NodeKind::Source,
        label: "",
        cardinality: Cardinality::Start,
        asynchronous: false,
        concurrency: 1,
        on_error: OnError::Halt,
        handling: Handling::USUAL,
        topics: &[TOPIC],
        path: "",
        properties: &[],
        breaker: None,
        checkpoint: false,
        carrier: true,
        takes: "&Record",
        gives: "()",
        doc: "",
    }],
    edges: &[],
};

impl Graph for Bytes {
    type Resources = usize;
    type Emitted = NoEmit;
    type Completion = NoEmit;

    fn spec() -> &'static Spec {
        &SPEC
    }

    fn new(fails_after: Arc<usize>) -> Self {
        Bytes {
            fails_after: *fails_after,
            read: 0,
        }
    }

    fn record(&mut self, lane: &mut Lane<NoEmit>, _: usize, record: &Record<'_>, ticket: Ticket) {
        let outcome: Result<u64, Failure> = guard(|| {
            let key = record.key().into_iter().flatten();
            let value = record.value().into_iter().flatten();
            let mut sum: u64 = key.chain(value).map(|byte| u64::from(*byte)).sum();
            assert!(record.timestamp().is_some());
            assert_eq!(record.header("with"), Some(&b"a value"[..]));
            assert_eq!(record.header("without"), None);
            for (name, value) in record.headers() {
                sum += (name.len() + value.map_or(0, <[u8]>::len)) as u64;
            }
            assert!(self.read < self.fails_after, "enough is read");
            sum
        });
        self.read += 1;
        match outcome {
            Ok(_) => lane.settle(ticket),
            Err(failure) => lane.failed(0, ticket, failure),
        }
    }

    fn emitted(&mut self, _: &mut Lane<NoEmit>, value: NoEmit, _: Ticket) {
        match value {}
    }

    fn completed(&mut self, _: &mut Lane<NoEmit>, completion: NoEmit, _: Ticket) {
        match completion {}
    }

    fn abandon(&mut self, _: &mut Lane<NoEmit>) {}
}
