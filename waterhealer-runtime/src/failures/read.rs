//! A kept failure read back: what its stage was called with, for it to be called with again.

use serde_json::Value;

use super::encoded::decoded;
use super::report::VERSION;
use crate::types::{EmitId, Incoming, Meta, Position};

/// A kept failure, read from a file.
#[derive(Debug)]
pub(crate) struct Kept {
    json: Value,
}

/// Why a text is no kept failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotKept(String);

/// What the stage was given, where that can be given again.
type Given = Result<String, String>;

impl Kept {
    /// # Errors
    /// What it is not.
    pub(crate) fn read(text: &str) -> Result<Self, NotKept> {
        let json: Value = serde_json::from_str(text)
            .map_err(|error| NotKept(format!("it is no JSON: {error}")))?;
        match json.get("version").and_then(Value::as_u64) {
            Some(VERSION) => Ok(Kept { json }),
            Some(version) => Err(NotKept(format!(
                "it is of version {version}, and this program reads version {VERSION}: replay it with the waterhealer that wrote it"
            ))),
            None => Err(NotKept(
                "it has no `version`, as every kept failure has".to_owned(),
            )),
        }
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.json.get(field)?.as_str()
    }

    /// The names of what the function is given besides its value.
    pub(crate) fn resources(&self) -> Vec<&str> {
        let names = self.json.get("kwargs").and_then(Value::as_array);
        let names = names.into_iter().flatten();
        names.filter_map(Value::as_str).collect()
    }

    /// The value that the function was given, as JSON.
    pub(crate) fn argument(&self) -> Given {
        let form = self.text("args_form").unwrap_or("unknown");
        let argument = self.json.get("args").and_then(|args| args.get(0));
        let why = match (form, argument) {
            ("json", Some(argument)) => return Ok(argument.to_string()),
            ("debug" | "name", _) => {
                "its value was written without `Serialize`: derive `serde::Serialize` and `serde::Deserialize` for the type, \
                 so that the next failure of it can be replayed"
            }
            ("text", _) => "its value was cut: it is longer than 256 KiB",
            ("left_out", _) => "its value was left out, since fields are masked",
            ("record", _) => "it is the record itself",
            _ => {
                "its value is not known: the call did not come back in time, or failed after the function had answered"
            }
        };
        Err(why.to_owned())
    }

    /// The record, or the first of several, as it was read; without its bytes if these are not kept.
    pub(crate) fn record(&self) -> Incoming {
        let position = self.position();
        let bytes = self.json.get("record").and_then(decoded);
        let mut record = match bytes {
            Some(bytes) => Incoming::new(&*position.topic, bytes),
            None => Incoming::tombstone(&*position.topic),
        };
        record = record.partition(position.partition).offset(position.offset);
        if let Some(key) = self.json.get("key").and_then(decoded) {
            record = record.key(key);
        }
        if let Some(millis) = self.json.get("timestamp").and_then(Value::as_i64) {
            record = record.timestamp(millis);
        }
        for (name, value) in self.headers() {
            record = record.header(name, value.unwrap_or_default());
        }
        record
    }

    /// Whether the record's bytes are as they were read.
    pub(crate) fn has_record(&self) -> bool {
        let record = self.json.get("record");
        record.is_some_and(|record| record.is_null() || record.get("base64").is_some())
    }

    /// What is kept of the record beside its value.
    pub(crate) fn meta(&self) -> Meta {
        let boxed = |(name, value): (String, Option<Vec<u8>>)| (name, value.map(Box::from));
        Meta {
            emit_id: self.emit_id(),
            position: self.position(),
            key: self.json.get("key").and_then(decoded).map(Box::from),
            headers: self.headers().map(boxed).collect(),
            timestamp: self.json.get("timestamp").and_then(Value::as_i64),
            value: self.json.get("record").and_then(decoded).map(Box::from),
        }
    }

    /// Its name, as it was given by the process in which the call failed.
    pub(crate) fn emit_id(&self) -> EmitId {
        let written = self.text("emit_id").and_then(|id| id.parse().ok());
        let Position {
            topic,
            partition,
            offset,
        } = self.position();
        written.unwrap_or_else(|| EmitId::new("", &topic, partition, offset))
    }

    pub(crate) fn position(&self) -> Position {
        let position = self.json.get("position");
        let field = |name: &str| position.and_then(|position| position.get(name));
        let topic = field("topic").and_then(Value::as_str).unwrap_or("?");
        let partition = field("partition").and_then(Value::as_i64);
        Position {
            topic: topic.into(),
            partition: partition
                .and_then(|number| number.try_into().ok())
                .unwrap_or(0),
            offset: field("offset").and_then(Value::as_i64).unwrap_or(0),
        }
    }

    fn headers(&self) -> impl Iterator<Item = (String, Option<Vec<u8>>)> {
        let headers = self.json.get("headers").and_then(Value::as_array);
        headers.into_iter().flatten().map(|header| {
            let name = header.get("name").and_then(Value::as_str);
            (name.unwrap_or_default().to_owned(), decoded(header))
        })
    }
}
