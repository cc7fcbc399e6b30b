//! What an event says, taken apart: its message, its fields as JSON, and what stands for its place in the code. Events that come
//! by the `log` crate carry that as fields.

use std::error::Error;
use std::fmt;

use serde_json::{Map, Value};
use tracing::Event;
use tracing::field::{Field, Visit};

/// What an event says.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) message: String,
    pub(super) fields: Map<String, Value>,
}

/// Where an event comes from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) target: String,
    pub(super) module: Option<String>,
    pub(super) line: Option<u64>,
}

impl Taken {
    pub(super) fn of(event: &Event<'_>) -> Self {
        let mut taken = Taken::default();
        event.record(&mut taken);
        taken
    }

    /// Takes out where the event comes from.
    pub(super) fn source(&mut self, event: &Event<'_>) -> Source {
        let meta = event.metadata();
        let text = |value: Value| value.as_str().map(str::to_owned);
        let mut take = |name: &str| self.fields.remove(name);
        let target = take("log.target").and_then(text);
        let module = take("log.module_path").and_then(text);
        let line = take("log.line").and_then(|line| line.as_u64());
        take("log.file");
        Source {
            target: target.unwrap_or_else(|| meta.target().to_owned()),
            module: module.or_else(|| meta.module_path().map(str::to_owned)),
            line: line.or_else(|| meta.line().map(u64::from)),
        }
    }

    /// Takes out a field as text.
    pub(super) fn take_text(&mut self, name: &str) -> Option<String> {
        match self.fields.remove(name)? {
            Value::String(text) => Some(text),
            value => Some(value.to_string()),
        }
    }

    fn note(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            ("message", value) => self.message = value.to_string(),
            (name, value) => {
                self.fields.insert(name.to_owned(), value);
            }
        }
    }
}

impl Visit for Taken {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.note(field, Value::String(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.note(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.note(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.note(field, Value::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.note(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.note(field, Value::from(value));
    }

    /// With its causes.
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut text = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        self.note(field, Value::String(text));
    }
}
