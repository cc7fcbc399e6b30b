//! What is known of a call that has failed, and how it is written: one JSON object with a version, described in the guide.
//! What changes there changes the version.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::FailedCall;
use super::encoded::bytes;
use super::redact::Redactor;
use crate::error::{Arose, Failure, FailureKind};
use crate::types::{Arguments, EmitId, Meta, Position};

/// The version of what is written.
pub(super) const VERSION: u64 = 1;

/// What is known of a call that has failed.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) place: Place,
    /// The records that the call was for: at most so many as are looked at.
    pub(crate) records: Vec<(Position, EmitId)>,
    /// The first of them, as far as it is kept.
    pub(crate) meta: Option<Arc<Meta>>,
    /// What the stages before it gave for that record, where that is kept.
    pub(crate) checkpoints: Option<Value>,
    pub(crate) fate: Fate,
    pub(crate) failed_at: SystemTime,
    chain: Vec<String>,
    class: &'static str,
    fault: &'static str,
    attempts: usize,
    arose: Option<Arose>,
    arguments: Option<Arc<Arguments>>,
}

/// Which stage it was.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) pipeline: &'static str,
    pub(crate) group: String,
    /// The Rust path of the pipeline's module.
    pub(crate) module: &'static str,
    pub(crate) stage: &'static str,
    /// The names of what the function is given besides its value.
    pub(crate) resources: &'static [&'static str],
    /// Whether it reads the record itself, so that the record is its argument.
    pub(crate) source: bool,
}

/// What becomes of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Skip,
    DeadLetter,
    Halt,
    /// The stage is called again.
    Retry,
}

impl Report {
    pub(crate) fn new(place: Place, failure: &Failure, fate: Fate) -> Self {
        Report {
            place,
            records: Vec::new(),
            meta: None,
            checkpoints: None,
            fate,
            failed_at: SystemTime::now(),
            chain: failure.chain(),
            class: failure.class(),
            fault: match failure.kind() {
                _ if failure.is_timeout() => "timeout",
                FailureKind::Error => "error",
                FailureKind::Panic => "panic",
                FailureKind::Lost => "lost",
            },
            attempts: failure.attempts(),
            arose: failure.arose().cloned(),
            arguments: failure.arguments().cloned(),
        }
    }

    /// About how many bytes it holds.
    pub(super) fn size(&self) -> usize {
        let arguments = self.arguments.as_ref().map_or(0, |given| given.text.len());
        let record = self.meta.as_ref().map_or(0, |meta| {
            let headers = meta.headers.iter();
            let headers = headers.map(|(name, value)| name.len() + length(value.as_deref()));
            length(meta.key.as_deref()) + length(meta.value.as_deref()) + headers.sum::<usize>()
        });
        let chain: usize = self.chain.iter().map(String::len).sum();
        let backtrace = self.arose.as_ref().and_then(|at| at.backtrace.as_ref());
        let records = self.records.len() * size_of::<(Position, EmitId)>();
        500 + arguments + record + chain + records + backtrace.map_or(0, String::len)
    }

    /// It as it leaves the process; `None` if what is to leave things out cannot.
    pub(super) fn call(&self, redactor: &Redactor) -> Option<FailedCall> {
        Some(FailedCall {
            json: redactor.apply(self.json())?,
            name: self.name(),
            failed_at: self.failed_at,
        })
    }

    fn json(&self) -> Value {
        let place = &self.place;
        let first = self.records.first();
        let meta = self.meta.as_deref();
        let (args, form) = self.args();
        let mut json = json!({
            "version": VERSION,
            "function": self.function(),
            "args": args,
            "args_form": form,
            "args_cut": self.arguments.as_ref().is_some_and(|given| given.cut),
            "kwargs": place.resources,
            "error": self.chain.join(": "),
            "exception": self.chain,
            "class": self.class,
            "fault": self.fault,
            "pipeline": place.pipeline,
            "group": place.group,
            "stage": place.stage,
            "attempts": self.attempts,
            "fate": self.fate.name(),
            "failed_at": humantime::format_rfc3339_millis(self.failed_at).to_string(),
            "emit_id": first.map(|(_, id)| id),
            "position": first.map(|(position, _)| at(position)),
            "timestamp": meta.and_then(|meta| meta.timestamp),
            "key": bytes(meta.and_then(|meta| meta.key.as_deref())),
            "headers": headers(meta),
            "record": bytes(meta.and_then(|meta| meta.value.as_deref())),
        });
        if let Some(object) = json.as_object_mut() {
            self.add_rare(object);
        }
        json
    }

    /// What is there only where there is something to say.
    fn add_rare(&self, object: &mut Map<String, Value>) {
        if self.records.len() > 1 {
            let records = self.records.iter();
            let records = records.map(|(position, id)| {
                let mut record = at(position);
                record["emit_id"] = json!(id);
                record
            });
            object.insert("records".to_owned(), records.collect());
        }
        if let Some(arose) = &self.arose {
            object.insert("location".to_owned(), json!(arose.location));
            object.insert("backtrace".to_owned(), json!(arose.backtrace));
        }
        if let Some(checkpoints) = &self.checkpoints {
            object.insert("checkpoints".to_owned(), checkpoints.clone());
        }
    }

    /// What the call was given, and how that is written.
    fn args(&self) -> (Value, &'static str) {
        let Some(given) = &self.arguments else {
            return match self.place.source {
                true => (json!([]), "record"),
                false => (json!([]), "unknown"),
            };
        };
        let text = || json!([given.text]);
        match given.form {
            "json" if !given.cut => match serde_json::from_str::<Value>(&given.text) {
                Ok(value) => (json!([value]), "json"),
                Err(_) => (text(), "text"),
            },
            "json" => (text(), "text"),
            form => (text(), form),
        }
    }

    /// The function's path.
    fn function(&self) -> String {
        match self.place.module {
            "" => format!("{}::{}", self.place.pipeline, self.place.stage),
            module => format!("{module}::{}", self.place.stage),
        }
    }

    /// A name that no other failure has.
    fn name(&self) -> String {
        let time = humantime::format_rfc3339_seconds(self.failed_at).to_string();
        // Of `2026-11-22T18:56:52Z`, as the seeds have it.
        let time: String = time.get(2..19).unwrap_or(&time).replace(['T', ':'], "-");
        let function = self.function().replace("::", ".");
        let mut only = Uuid::new_v4().simple().to_string();
        only.truncate(12);
        format!("{function}-{time}-{only}")
    }
}

impl Fate {
    fn name(self) -> &'static str {
        match self {
            Fate::Skip => "skip",
            Fate::DeadLetter => "dead_letter",
            Fate::Halt => "halt",
            Fate::Retry => "retry",
        }
    }
}

fn at(position: &Position) -> Value {
    json!({
        "topic": &*position.topic,
        "partition": position.partition,
        "offset": position.offset,
    })
}

fn headers(meta: Option<&Meta>) -> Value {
    let headers = meta.into_iter().flat_map(|meta| &meta.headers);
    let headers = headers.map(|(name, value)| {
        let mut header = bytes(value.as_deref());
        if header.is_null() {
            header = json!({});
        }
        header["name"] = json!(name);
        header
    });
    headers.collect()
}

fn length(bytes: Option<&[u8]>) -> usize {
    bytes.map_or(0, <[u8]>::len)
}
