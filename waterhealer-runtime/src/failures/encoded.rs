//! Bytes as JSON has them: in base64, and as text where they are text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Bytes, or `null`.
pub(super) fn bytes(bytes: Option<&[u8]>) -> Value {
    let Some(bytes) = bytes else {
        return Value::Null;
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({ "base64": STANDARD.encode(bytes), "text": text }),
        Err(_) => json!({ "base64": STANDARD.encode(bytes) }),
    }
}

/// The bytes again; `None` for what is not written like this.
pub(super) fn decoded(value: &Value) -> Option<Vec<u8>> {
    let text = value.get("base64")?.as_str()?;
    STANDARD.decode(text).ok()
}
