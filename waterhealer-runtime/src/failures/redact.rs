//! What is secret is left out of a failure before it leaves the process: fields by name, and whatever a program's own
//! function takes out.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::encoded::{bytes, decoded};
use crate::guard::guard;

/// A program's own function, which takes out what is not to leave the process.
pub(crate) type Hook = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// What stands in the place of a masked field.
const MASK: &str = "***";

/// Leaves out what is secret.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// Names of fields, in lower case.
    mask: Vec<String>,
    hook: Option<Hook>,
}

impl Redactor {
    pub(crate) fn new(mask: &[String], hook: Option<Hook>) -> Self {
        let mask = mask.iter().map(|name| name.to_lowercase()).collect();
        Redactor { mask, hook }
    }

    /// What is left; `None` if the program's function panics, since nobody knows then what it would have taken out.
    pub(super) fn apply(&self, mut json: Value) -> Option<Value> {
        if !self.mask.is_empty() {
            self.mask_texts(&mut json);
            self.mask_fields(&mut json);
        }
        if let Some(hook) = &self.hook {
            guard(|| hook(&mut json)).ok()?;
        }
        Some(json)
    }

    fn masks(&self, name: &str) -> bool {
        self.mask.iter().any(|mask| *mask == name.to_lowercase())
    }

    /// Every field of a masked name, at any depth.
    fn mask_fields(&self, json: &mut Value) {
        match json {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match self.masks(name) {
                        true => *value = json!(MASK),
                        false => self.mask_fields(value),
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.mask_fields(value)),
            _ => {}
        }
    }

    /// What holds the same values once more, as text or bytes: the record, its headers, and arguments that are no JSON.
    fn mask_texts(&self, json: &mut Value) {
        if let Some(record) = json.get_mut("record").filter(|record| !record.is_null()) {
            let read =
                decoded(record).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
            *record = match read {
                Some(mut value) if value.is_object() || value.is_array() => {
                    self.mask_fields(&mut value);
                    bytes(Some(value.to_string().as_bytes()))
                }
                // Bytes in which nobody can find a field.
                _ => json!({ "left_out": "fields are masked, and this is no JSON" }),
            };
        }
        let headers = json.get_mut("headers").and_then(Value::as_array_mut);
        for header in headers.into_iter().flatten() {
            let name = header.get("name").and_then(Value::as_str);
            if let Some(name) = name.filter(|name| self.masks(name)) {
                *header = json!({ "name": name, "text": MASK });
            }
        }
        let form = json.get("args_form").and_then(Value::as_str);
        if matches!(form, Some("debug" | "text")) {
            json["args"] = json!([]);
            json["args_form"] = json!("left_out");
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("mask", &self.mask)
            .finish_non_exhaustive()
    }
}
