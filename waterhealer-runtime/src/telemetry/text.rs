//! Lines for people: time, level, inside a stage its name and the emit id, the target, and what is said.

use std::fmt;
use std::io::Stderr;
use std::time::SystemTime;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{DefaultFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::taken::Taken;
use crate::observe::here;

/// Writes an event as a line for people: `TIME LEVEL map.price 6ebc4899-9dee-8000-8030-000000000412 TARGET: MESSAGE NAME=VALUE …`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text;

/// A layer that writes each event to standard error for people, with the stage and the emit id of the record that it works on.
/// Without colours, unless `with_ansi` says otherwise; `with_writer` sends the lines elsewhere.
///
/// ```
/// use tracing_subscriber::prelude::*;
/// use waterhealer_runtime::telemetry;
///
/// let subscriber = tracing_subscriber::registry().with(telemetry::text());
/// # drop(subscriber);
/// ```
pub fn text<S>() -> Layer<S, DefaultFields, Text, fn() -> Stderr>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let writer: fn() -> Stderr = std::io::stderr;
    Layer::default()
        .event_format(Text)
        .with_ansi(false)
        .with_writer(writer)
}

const DIM: &str = "\x1b[2m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

impl<S, N> FormatEvent<S, N> for Text
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
        let paint = Paint(writer.has_ansi_escapes());
        let now = humantime::format_rfc3339_millis(SystemTime::now());
        paint.write(&mut writer, DIM, now)?;
        let (colour, word) = shown(*event.metadata().level());
        writer.write_char(' ')?;
        paint.write(&mut writer, colour, word)?;
        let here = here();
        if let Some(stage) = here.as_ref().and_then(|here| here.stage()) {
            writer.write_char(' ')?;
            paint.write(&mut writer, BOLD, stage.path())?;
        }
        // An event that says itself which record it is about says so among its fields.
        if let Some(here) = here
            && event.metadata().fields().field("emit_id").is_none()
        {
            write!(writer, " {}", here.emit_id())?;
        }
        writer.write_char(' ')?;
        let target = format!("{}:", target(event));
        paint.write(&mut writer, DIM, target)?;
        writer.write_char(' ')?;
        for span in ctx
            .event_scope()
            .into_iter()
            .flat_map(|scope| scope.from_root())
        {
            writer.write_str(span.name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>()
                && !fields.is_empty()
            {
                write!(writer, "{{{fields}}}")?;
            }
            writer.write_str(": ")?;
        }
        ctx.format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

/// Whether there are colours.
struct Paint(bool);

impl Paint {
    fn write(&self, writer: &mut Writer<'_>, colour: &str, text: impl fmt::Display) -> fmt::Result {
        match self.0 {
            true => write!(writer, "{colour}{text}{PLAIN}"),
            false => write!(writer, "{text}"),
        }
    }
}

fn shown(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::ERROR => ("\x1b[31m", "ERROR"),
        Level::WARN => ("\x1b[33m", " WARN"),
        Level::INFO => ("\x1b[32m", " INFO"),
        Level::DEBUG => ("\x1b[34m", "DEBUG"),
        Level::TRACE => ("\x1b[35m", "TRACE"),
    }
}

/// The target; of an event that comes by the `log` crate, the one that it had there.
fn target(event: &Event<'_>) -> String {
    let target = event.metadata().target();
    match target {
        "log" => Taken::of(event).source(event).target,
        target => target.to_owned(),
    }
}
