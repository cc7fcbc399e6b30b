//! Pipelines that read files, without the macro: to the end, while files grow and appear, beside a topic, and what goes
//! wrong. How files are read is tested where it lives, in `src/files`.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use tempfile::TempDir;
use waterhealer_runtime::private::{
    Cardinality, Fed, Graph, Handling, Lane, NoEmit, NodeKind, NodeSpec, OnError, Record, Spec,
    Ticket,
};
use waterhealer_runtime::{Config, Embedded, Error, ErrorKind, Pipeline, Report};

/// What was read, by all sources together.
type Seen = Arc<Mutex<Vec<String>>>;

/// A pipeline that notes what its sources read. Each test has a number of its own, and so a graph of its own.
struct Notes<const TEST: usize>(Seen);

static SPECS: [OnceLock<Spec>; 9] = [const { OnceLock::new() }; 9];

impl<const TEST: usize> Graph for Notes<TEST> {
    type Resources = Seen;
    type Emitted = NoEmit;
    type Completion = NoEmit;

    fn spec() -> &'static Spec {
        SPECS[TEST].get().expect("the test has said what is read")
    }

    fn new(seen: Arc<Seen>) -> Self {
        Notes(Arc::clone(&seen))
    }

    fn record(
        &mut self,
        lane: &mut Lane<NoEmit>,
        source: usize,
        record: &Record<'_>,
        ticket: Ticket,
    ) {
        let text = record.text().expect("a text").to_owned();
        self.0.lock().unwrap().push(format!("{source} {text}"));
        lane.settle(ticket);
    }

    fn read(&mut self, lane: &mut Lane<NoEmit>, source: usize, fed: Fed, ticket: Ticket) {
        let what = match fed {
            Fed::Line(line) => line,
            Fed::File(path) => path.file_name().unwrap().to_string_lossy().into_owned(),
        };
        self.0.lock().unwrap().push(format!("{source} {what}"));
        lane.settle(ticket);
    }

    fn emitted(&mut self, _: &mut Lane<NoEmit>, value: NoEmit, _: Ticket) {
        match value {}
    }

    fn completed(&mut self, _: &mut Lane<NoEmit>, completion: NoEmit, _: Ticket) {
        match completion {}
    }
}

fn source(kind: NodeKind, path: PathBuf, on_error: OnError) -> NodeSpec {
    NodeSpec {
        name: "read",
        kind,
        label: "",
        cardinality: Cardinality::Start,
        asynchronous: false,
        concurrency: 1,
        on_error,
        handling: Handling::USUAL,
        topics: &[],
        path: path.to_str().expect("a path of text").to_owned().leak(),
        properties: &[],
        breaker: None,
        checkpoint: false,
        carrier: false,
        takes: "String",
        gives: "String",
        doc: "",
    }
}

fn lines(path: PathBuf) -> NodeSpec {
    source(NodeKind::LineSource, path, OnError::Halt)
}

fn names(pattern: PathBuf) -> NodeSpec {
    source(NodeKind::FileSource, pattern, OnError::Halt)
}

/// A pipeline of test `TEST` over these sources, and what it notes.
fn pipeline<const TEST: usize>(sources: Vec<NodeSpec>) -> (Pipeline<Notes<TEST>>, Seen) {
    let spec = Spec {
        name: "notes",
        settings: &[],
        nodes: sources.leak(),
        edges: &[],
    };
    SPECS[TEST].set(spec).expect("each test has its number");
    let seen = Seen::default();
    (Pipeline::new(Arc::clone(&seen)), seen)
}

/// Runs to the end of what there is.
fn run_to_end<const TEST: usize>(sources: Vec<NodeSpec>) -> (Result<Report, Error>, Vec<String>) {
    let (pipeline, seen) = pipeline::<TEST>(sources);
    let outcome = block_on(pipeline.config(Config::new().until_end()).run());
    let seen = seen.lock().unwrap().clone();
    (outcome, seen)
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let ends = tokio::time::timeout(Duration::from_secs(30), work);
        ends.await.expect("the pipeline ends by itself")
    })
}

fn wait_for(seen: &Seen, expected: &[&str]) {
    let until = Instant::now() + Duration::from_secs(10);
    while *seen.lock().unwrap() != expected {
        assert!(Instant::now() < until, "{:?}", seen.lock().unwrap());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn until_end_reads_all_lines_and_ends() {
    let folder = folder();
    let path = folder.path().join("many.txt");
    let text: String = (0..25_000).map(|line| format!("line {line}\r\n")).collect();
    fs::write(&path, text + "the last has no end").expect("written");
    let other = folder.path().join("other.txt");
    fs::write(&other, "of another\n").expect("written");
    let (outcome, seen) = run_to_end::<0>(vec![lines(path), lines(other)]);
    assert_eq!(outcome.expect("it ends in order").finished, 25_002);
    let of = |source| move |line: &&String| line.starts_with(source);
    let first: Vec<_> = seen.iter().filter(of("0 ")).collect();
    assert_eq!(
        (first[0].as_str(), first[24_999].as_str()),
        ("0 line 0", "0 line 24999")
    );
    assert_eq!(first[25_000], "0 the last has no end");
    assert_eq!(
        seen.iter().find(of("1 ")).map(String::as_str),
        Some("1 of another")
    );
}

#[test]
fn without_it_a_file_is_followed_until_the_pipeline_is_stopped() {
    let folder = folder();
    let path = folder.path().join("grows.txt");
    fs::write(&path, "one\ntw").expect("written");
    let (pipeline, seen) = pipeline::<1>(vec![lines(path.clone())]);
    let handle = pipeline.handle();
    let writer = std::thread::spawn(move || {
        let mut file = OpenOptions::new().append(true).open(path).expect("opened");
        wait_for(&seen, &["0 one"]);
        file.write_all(b"o\nthree\n").expect("written");
        wait_for(&seen, &["0 one", "0 two", "0 three"]);
        handle.pause();
        std::thread::sleep(Duration::from_millis(200));
        file.write_all(b"four\n").expect("written");
        std::thread::sleep(Duration::from_millis(300));
        wait_for(&seen, &["0 one", "0 two", "0 three"]);
        handle.resume();
        wait_for(&seen, &["0 one", "0 two", "0 three", "0 four"]);
        handle.stop();
    });
    let report = block_on(pipeline.run()).expect("it is stopped");
    writer.join().expect("the writer has seen all");
    assert_eq!(report.finished, 4);
}

#[test]
fn names_come_as_files_appear() {
    let folder = folder();
    let touch = |name: &str| File::create(folder.path().join(name)).expect("created");
    touch("b.csv");
    touch("a.csv");
    let (pipeline, seen) = pipeline::<2>(vec![names(folder.path().join("*.csv"))]);
    let handle = pipeline.handle();
    let at = folder.path().join("0.csv");
    let writer = std::thread::spawn(move || {
        wait_for(&seen, &["0 a.csv", "0 b.csv"]);
        File::create(at).expect("created");
        wait_for(&seen, &["0 a.csv", "0 b.csv", "0 0.csv"]);
        handle.stop();
    });
    let report = block_on(pipeline.run()).expect("it is stopped");
    writer.join().expect("the writer has seen all");
    assert_eq!(report.finished, 3);
}

#[test]
fn a_missing_file_is_told_before_anything_runs() {
    let (outcome, _) = run_to_end::<3>(vec![lines("no-such-folder/words.txt".into())]);
    let error = outcome.expect_err("it is not there");
    assert_eq!(*error.kind(), ErrorKind::File);
    for part in [
        "`read`",
        "`no-such-folder/words.txt`",
        "working directory",
        "Put the file there",
    ] {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
}

#[test]
fn a_line_that_is_no_text_halts() {
    let folder = folder();
    let path = folder.path().join("latin.txt");
    fs::write(&path, b"one\ncaf\xe9\nthree\n").expect("written");
    let named = format!("line 2 of `{}` is not UTF-8", path.display());
    let (outcome, seen) = run_to_end::<4>(vec![lines(path)]);
    let error = outcome.expect_err("it halts");
    let ErrorKind::Halted { stage, position } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(
        (*stage, position.partition, position.offset),
        ("read", 0, 1)
    );
    assert!(error.to_string().contains(&named), "{error}");
    assert!(!error.to_string().contains("offset stays"), "{error}");
    assert_eq!(seen, ["0 one"]);
}

#[test]
fn a_line_that_is_no_text_goes_by_where_errors_are_skipped() {
    let folder = folder();
    let path = folder.path().join("latin.txt");
    fs::write(&path, b"one\ncaf\xe9\nthree\n").expect("written");
    let sources = vec![source(NodeKind::LineSource, path, OnError::Skip)];
    let (outcome, seen) = run_to_end::<5>(sources);
    let report = outcome.expect("it goes on");
    // What is skipped counts as finished, too.
    assert_eq!((report.finished, report.skipped), (3, 1));
    assert_eq!(seen, ["0 one", "0 three"]);
}

#[test]
fn a_file_that_becomes_shorter_halts_under_any_policy() {
    let folder = folder();
    let path = folder.path().join("cut.txt");
    fs::write(&path, "one\n").expect("written");
    let sources = vec![source(NodeKind::LineSource, path.clone(), OnError::Skip)];
    let (pipeline, seen) = pipeline::<6>(sources);
    let writer = std::thread::spawn(move || {
        wait_for(&seen, &["0 one"]);
        File::create(path).expect("cut");
    });
    let error = block_on(pipeline.run()).expect_err("it halts");
    writer.join().expect("the writer has seen all");
    assert!(error.to_string().contains("become shorter"), "{error}");
}

#[test]
fn nothing_that_matches_is_an_end_too() {
    let folder = folder();
    let (outcome, seen) = run_to_end::<7>(vec![names(folder.path().join("*.csv"))]);
    assert_eq!(outcome.expect("it ends").finished, 0);
    assert!(seen.is_empty());
}

#[test]
fn beside_a_topic_the_end_is_that_of_both() {
    const RECORDS: usize = 500;
    let broker = Embedded::start().expect("the embedded broker starts");
    broker.create_topic("words", 2).expect("the topic is new");
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", broker.bootstrap())
        .create()
        .expect("a producer");
    for number in 0..RECORDS {
        let value = number.to_string();
        let record: BaseRecord<'_, (), str> = BaseRecord::to("words").payload(&value);
        producer.send(record).expect("the queue has room");
    }
    let patience = Duration::from_secs(60);
    producer.flush(patience).expect("the broker takes them");

    let folder = folder();
    let path = folder.path().join("many.txt");
    fs::write(&path, "a line\n".repeat(30_000)).expect("written");
    let topic = NodeSpec {
        topics: &["words"],
        path: "",
        ..source(NodeKind::Source, PathBuf::new(), OnError::Halt)
    };
    let (pipeline, seen) = pipeline::<8>(vec![topic, lines(path)]);
    let config = Config::new().embedded(&broker).group("files").until_end();
    let report = block_on(pipeline.config(config).run()).expect("it ends in order");
    assert_eq!(report.finished as usize, RECORDS + 30_000);
    assert!(report.commits > 0, "the records are committed");
    let seen = seen.lock().unwrap();
    let records = seen.iter().filter(|text| text.starts_with("0 ")).count();
    assert_eq!((records, seen.len()), (RECORDS, RECORDS + 30_000));
}
