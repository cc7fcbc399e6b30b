//! Bytes as a person reads them: text where it is text, else hexadecimal.

use std::fmt::Write as _;

use serde::Serialize;

/// Bytes for a person.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shown {
    Text(String),
    Hex(String),
}

impl Shown {
    pub(super) fn of(bytes: &[u8]) -> Shown {
        match std::str::from_utf8(bytes) {
            // What a terminal would take for an order is no text to print.
            Ok(text) if !text.contains(|one: char| one.is_control() && !"\n\r\t".contains(one)) => {
                Shown::Text(text.to_owned())
            }
            _ => {
                let mut hex = String::with_capacity(bytes.len() * 2);
                for byte in bytes {
                    let _infallible = write!(hex, "{byte:02x}");
                }
                Shown::Hex(hex)
            }
        }
    }

    /// On one line.
    pub(super) fn line(&self) -> String {
        match self {
            Shown::Text(text) => text
                .escape_debug()
                .to_string()
                .replace("\\\"", "\"")
                .replace("\\'", "'"),
            Shown::Hex(hex) => format!("0x{hex}"),
        }
    }
}

/// Bytes that may be absent, on one line.
pub(super) fn line(bytes: Option<&[u8]>) -> String {
    bytes.map_or("none".to_owned(), |bytes| Shown::of(bytes).line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_text_or_hexadecimal() {
        assert_eq!(line(Some("{\"a\": 'é'}\n".as_bytes())), "{\"a\": 'é'}\\n");
        assert_eq!(line(Some(&[0xff, 0x00])), "0xff00");
        assert_eq!(line(Some(b"\x1b[2J")), "0x1b5b324a");
        assert_eq!(
            (line(Some(b"")), line(None)),
            (String::new(), "none".to_owned())
        );
    }
}
