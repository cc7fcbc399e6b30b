//! **A collector is told of each record and each call**, below the span that the record was written in, and who reads what a sink has
//! written goes on from there. Shown to a collector that decodes what it is sent. Without an address, nothing is sent.
//!
//! The bad day: an order is stuck somewhere between five services.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use waterhealer::EmitId;

use crate::support::{Broker, Child, Group, Message, heavy, s};

const TOPIC: &str = "wh-traced";
const OUT: &str = "wh-traced-out";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

#[test]
fn records_calls_and_messages_are_spans_of_one_trace() {
    let _one = heavy();
    let ran = run(&[]);
    let spans = ran.collector.spans();
    assert_eq!(ran.collector.services(), ["traced_pipeline"]);

    // The second record was written in a span, which is its parent.
    let records = by_offset(&spans);
    assert_eq!(
        records.keys().copied().collect::<Vec<_>>(),
        [0, 1, 2],
        "the fourth is not sampled"
    );
    let record = records[&1];
    assert_eq!(
        (hex(&record.trace_id), hex(&record.parent_span_id)),
        (TRACE.to_owned(), PARENT.to_owned())
    );
    assert_eq!(
        (record.name.as_str(), record.kind()),
        ("process wh-traced", SpanKind::Consumer)
    );
    let emit_id = EmitId::new(&ran.broker.cluster(), TOPIC, 0, 1).to_string();
    for (name, value) in [
        ("messaging.system", "kafka"),
        ("messaging.operation.type", "process"),
        ("messaging.destination.name", TOPIC),
        ("messaging.destination.partition.id", "0"),
        ("messaging.consumer.group.name", &ran.group),
        ("waterhealer.emit_id", &emit_id),
        ("waterhealer.pipeline", "traced_pipeline"),
    ] {
        assert_eq!(text(record, name).as_deref(), Some(value), "{name}");
    }
    let first = records[&0];
    assert!(
        first.parent_span_id.is_empty() && hex(&first.trace_id) != TRACE,
        "{first:?}"
    );

    // Its calls are below it, and their own spans below them.
    for (index, record) in &records {
        let calls: BTreeMap<&str, &Span> = below(&spans, record)
            .map(|span| (span.name.as_str(), span))
            .collect();
        let mut expected = vec![
            "map.at_once",
            "map.later",
            "map.picky",
            "map.slowly",
            "sink.publish",
            "source.read",
        ];
        expected.retain(|name| *index != 2 || *name != "sink.publish");
        // A pair is below its first record.
        let calls_of_one = calls.keys().copied().filter(|name| *name != "sink.pair");
        assert_eq!(calls_of_one.collect::<Vec<_>>(), expected, "of {index}");
        for (name, call) in &calls {
            let goes_with = record.start_time_unix_nano <= call.start_time_unix_nano
                && call.end_time_unix_nano <= record.end_time_unix_nano;
            assert!(
                goes_with,
                "{name} of {index} is while its record is worked on"
            );
        }
        for name in ["at_once", "later", "slowly"] {
            let call = calls[format!("map.{name}").as_str()];
            assert_eq!(text(call, "code.function.name").as_deref(), Some(name));
            let inside: Vec<&Span> = below(&spans, call).collect();
            assert_eq!(inside.len(), 1, "{name} of {index}");
            assert_eq!(inside[0].name, format!("inside {name}"));
            assert!(
                inside[0].end_time_unix_nano <= call.end_time_unix_nano,
                "it lasts until the answer"
            );
        }
    }

    // What fails says so.
    let failed = below(&spans, records[&2]).find(|span| span.name == "map.picky");
    for span in [failed.expect("it was called"), records[&2]] {
        let status = span.status.as_ref().expect("it has one");
        assert_eq!(
            (status.code, status.message.as_str()),
            (2, "never the third"),
            "{}",
            span.name
        );
        assert_eq!(span.events[0].name, "exception");
    }
    assert!(
        records[&1]
            .status
            .as_ref()
            .is_none_or(|status| status.code == 0)
    );

    // A batch is linked to all of its records.
    let pair = spans
        .iter()
        .find(|span| span.name == "sink.pair")
        .expect("there is one");
    let linked: Vec<_> = pair.links.iter().map(|link| &link.span_id).collect();
    assert_eq!(linked, [&records[&0].span_id, &records[&1].span_id]);

    // Who reads what was written goes on from there.
    let written = ran.written();
    assert_eq!(written["0"], "its own");
    let sink = below(&spans, records[&1])
        .find(|span| span.name == "sink.publish")
        .expect("it was called");
    let send: Vec<_> = below(&spans, sink).collect();
    assert_eq!(
        (send[0].name.as_str(), send[0].kind()),
        ("send wh-traced-out", SpanKind::Producer)
    );
    assert_eq!(
        written["1"],
        format!("00-{TRACE}-{}-01", hex(&send[0].span_id))
    );
    let unsampled = &written["3"];
    assert!(
        unsampled.starts_with(&format!("00-{TRACE}-")) && unsampled.ends_with("-00"),
        "{unsampled}"
    );
}

#[test]
fn without_an_address_nothing_is_sent_and_nothing_written_beside_messages() {
    let _one = heavy();
    let ran = run(&[("WATERHEALER_OTLP_ENDPOINT", "off")]);
    assert_eq!(ran.collector.spans().len(), 0);
    assert_eq!(
        ran.written(),
        [("0".to_owned(), "its own".to_owned())].into()
    );
}

#[test]
fn sampling_is_as_the_environment_says() {
    let _one = heavy();
    let ran = run(&[
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SERVICE_NAME", "shop"),
    ]);
    assert_eq!(ran.collector.spans().len(), 0);
    assert_eq!(ran.written().len(), 3, "the trace goes on, unsampled");
}

#[test]
fn a_collector_that_is_away_holds_nothing_up() {
    let _one = heavy();
    // Nobody listens there.
    let ran = run(&[("WATERHEALER_OTLP_ENDPOINT", "http://127.0.0.1:9")]);
    assert_eq!(ran.collector.spans().len(), 0);
    assert!(ran.out.contains("4 records finished"), "{}", ran.out);
}

/// What came of a pipeline with four records.
struct Ran {
    broker: Broker,
    group: String,
    collector: Collector,
    out: String,
}

fn run(env: &[(&str, &str)]) -> Ran {
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fresh_topic(OUT, 1);
    let parent = |flags: &str| {
        let parent = format!("00-{TRACE}-{PARENT}-{flags}");
        vec![("traceparent".to_owned(), parent.into_bytes())]
    };
    let headers = [vec![], parent("01"), vec![], parent("00")];
    let records = headers.into_iter().map(|headers| Message {
        headers,
        ..Message::new(0, "x")
    });
    broker.produce(TOPIC, records);
    let collector = Collector::start();
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let name = format!("traced-{}", group.name());
    let arguments = [
        "--brokers",
        broker.bootstrap(),
        "--group",
        group.name(),
        "--until-end",
    ];
    let env = [
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address.as_str())],
        env,
    ]
    .concat();
    let ended = Child::start_with(&Child::folder(&name), "traced", &arguments, &env).wait(s(60));
    ended.assert_code(0);
    Ran {
        group: group.name().to_owned(),
        broker,
        collector,
        out: ended.out,
    }
}

impl Ran {
    /// The `traceparent` of each message that has one, by its value.
    fn written(&self) -> BTreeMap<String, String> {
        let messages = self.broker.read(OUT, 1).into_iter();
        let parents = messages.filter_map(|(_, message)| {
            let (_, parent) = message
                .headers
                .iter()
                .find(|(name, _)| name == "traceparent")?;
            Some((message.text(), String::from_utf8_lossy(parent).into_owned()))
        });
        parents.collect()
    }
}

/// The spans of records, by offset.
fn by_offset(spans: &[Span]) -> BTreeMap<i64, &Span> {
    let offset = |span: &Span| match value(span, "messaging.kafka.offset") {
        Some(Value::IntValue(offset)) => Some(offset),
        _ => None,
    };
    let records = spans.iter().filter_map(|span| Some((offset(span)?, span)));
    records.collect()
}

fn below<'s>(spans: &'s [Span], parent: &'s Span) -> impl Iterator<Item = &'s Span> {
    spans
        .iter()
        .filter(|span| span.parent_span_id == parent.span_id && span.trace_id == parent.trace_id)
}

fn value(span: &Span, name: &str) -> Option<Value> {
    found(&span.attributes, name)
}

fn text(span: &Span, name: &str) -> Option<String> {
    match value(span, name)? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

fn found(attributes: &[KeyValue], name: &str) -> Option<Value> {
    let found = attributes.iter().find(|attribute| attribute.key == name)?;
    let AnyValue { value } = found.value.clone()?;
    value
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A collector: it takes what it is sent over HTTP, and decodes it.
struct Collector {
    address: String,
    received: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    fn start() -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("http://{}", listener.local_addr().expect("it has one"));
        let received = Arc::default();
        let into = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let into = Arc::clone(&into);
                std::thread::spawn(move || serve(&stream.expect("somebody calls"), &into));
            }
        });
        Collector { address, received }
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let resources = requests.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }

    fn services(&self) -> Vec<String> {
        let requests = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let resources = requests.iter().flat_map(|request| &request.resource_spans);
        let names = resources.filter_map(|resource| {
            match found(&resource.resource.as_ref()?.attributes, "service.name")? {
                Value::StringValue(name) => Some(name),
                _ => None,
            }
        });
        let mut names: Vec<String> = names.collect();
        names.dedup();
        names
    }
}

/// One request after another, until the other side has had enough.
fn serve(stream: &TcpStream, into: &Mutex<Vec<ExportTraceServiceRequest>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            match line.trim() {
                "" => break,
                line => lines.push(line.to_lowercase()),
            }
        }
        assert!(lines[0].starts_with("post /v1/traces "), "{lines:?}");
        assert!(
            lines
                .iter()
                .any(|line| line == "content-type: application/x-protobuf"),
            "{lines:?}"
        );
        let length = lines
            .iter()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length
            .expect("it says how long it is")
            .parse()
            .expect("a number");
        let mut body = vec![0; length];
        reader
            .read_exact(&mut body)
            .expect("it is as long as it says");
        let request = ExportTraceServiceRequest::decode(&body[..]).expect("it is OTLP");
        into.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        let answer =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        (&mut &*stream).write_all(answer).expect("it is heard");
    }
}
