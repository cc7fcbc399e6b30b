//! Lines for machines, one JSON object each, in the fields and words of the Python library. `json-subscriber` would not do: it has
//! no other name for a message than `message`, and lets an event's own fields overwrite the line's.

use std::fmt;
use std::io::Stderr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::{Map, Value};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::taken::Taken;
use crate::observe::here;

/// Writes an event as one line of JSON.
///
/// `written_at` (RFC 3339), `written_ts` (nanoseconds since the Unix epoch), `msg`, `type` (`log`), `logger` (the event's
/// target), `thread`, `level` (`DEBUG`, `INFO`, `WARNING`, `ERROR`), `module`, `line_no`; `function_name` (the stage, such as
/// `map.price`) and `emit_id` are `null` outside of stages. The event's other fields stand beside them, under `field.NAME` where
/// the name is one of these; `spans` has the spans around it, the outermost first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json;

/// A layer that writes each event to standard error as one line of JSON, with the emit id of the record that the calling stage
/// works on. For programs with a subscriber of their own; `with_writer` sends the lines elsewhere.
///
/// ```
/// use tracing_subscriber::prelude::*;
/// use waterhealer_runtime::telemetry;
///
/// let subscriber = tracing_subscriber::registry().with(telemetry::json());
/// # drop(subscriber);
/// ```
pub fn json<S>() -> Layer<S, JsonFields, Json, fn() -> Stderr>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let writer: fn() -> Stderr = std::io::stderr;
    Layer::default()
        .fmt_fields(JsonFields::new())
        .event_format(Json)
        .with_ansi(false)
        .with_writer(writer)
}

#[derive(Serialize)]
struct Line<'a> {
    written_at: String,
    written_ts: u64,
    msg: &'a str,
    r#type: &'static str,
    logger: &'a str,
    thread: String,
    level: &'static str,
    module: Option<&'a str>,
    line_no: Option<u64>,
    function_name: Option<String>,
    emit_id: Option<String>,
    #[serde(flatten)]
    fields: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<Value>,
}

/// Names that an event's own fields cannot have.
const NAMES: [&str; 10] = [
    "written_at",
    "written_ts",
    "msg",
    "type",
    "logger",
    "thread",
    "level",
    "module",
    "line_no",
    "spans",
];

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let now = SystemTime::now();
        let mut taken = Taken::of(event);
        let source = taken.source(event);
        // What the event says of itself goes first: the runtime speaks of records also where no stage is called.
        let here = here();
        let function_name = taken.take_text("function_name").or_else(|| {
            let stage = here.as_ref()?.stage()?;
            Some(stage.path().into_owned())
        });
        let emit_id = taken
            .take_text("emit_id")
            .or_else(|| here.as_ref().map(|here| here.emit_id().to_string()));
        let line = Line {
            written_at: humantime::format_rfc3339_millis(now).to_string(),
            written_ts: nanos(now),
            msg: &taken.message,
            r#type: "log",
            logger: &source.target,
            thread: thread(),
            level: word(*event.metadata().level()),
            module: source.module.as_deref(),
            line_no: source.line,
            function_name,
            emit_id,
            fields: renamed(taken.fields),
            spans: spans(ctx),
        };
        let text = serde_json::to_string(&line).map_err(|_| fmt::Error)?;
        writeln!(writer, "{text}")
    }
}

fn renamed(fields: Map<String, Value>) -> Map<String, Value> {
    let renamed = fields
        .into_iter()
        .map(|(name, value)| match NAMES.contains(&name.as_str()) {
            true => (format!("field.{name}"), value),
            false => (name, value),
        });
    renamed.collect()
}

/// The spans around an event, each with its name and fields.
fn spans<S, N>(ctx: &FmtContext<'_, S, N>) -> Vec<Value>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    let spans = ctx.event_scope().into_iter().flatten();
    let mut spans: Vec<Value> = spans
        .map(|span| {
            let written = span.extensions();
            let written = written
                .get::<FormattedFields<N>>()
                .map(|fields| fields.fields.as_str())
                .unwrap_or_default();
            let mut object = match serde_json::from_str(written) {
                Ok(Value::Object(fields)) => fields,
                _ if written.is_empty() => Map::new(),
                // Of a layer whose spans are written in another form.
                _ => Map::from_iter([("fields".to_owned(), Value::from(written))]),
            };
            object.insert("name".to_owned(), Value::from(span.name()));
            Value::Object(object)
        })
        .collect();
    spans.reverse();
    spans
}

fn word(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        Level::DEBUG => "DEBUG",
        Level::TRACE => "TRACE",
    }
}

fn nanos(now: SystemTime) -> u64 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

fn thread() -> String {
    let thread = std::thread::current();
    match thread.name() {
        Some(name) => name.to_owned(),
        None => format!("{:?}", thread.id()),
    }
}
