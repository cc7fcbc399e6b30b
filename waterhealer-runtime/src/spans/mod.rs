//! Spans of records and of calls of stages, sent to an OpenTelemetry collector by OTLP: the only room that names `opentelemetry`,
//! and empty without the feature `otlp`. When one begins and ends is said by `flow`.

#[cfg(feature = "otlp")]
mod names;
#[cfg(not(feature = "otlp"))]
mod off;
#[cfg(feature = "otlp")]
mod otlp;
#[cfg(feature = "otlp")]
mod span;

#[cfg(not(feature = "otlp"))]
pub(crate) use off::{Span, Tracer};
#[cfg(feature = "otlp")]
pub(crate) use otlp::Tracer;
#[cfg(feature = "otlp")]
pub(crate) use span::Span;

use crate::types::{EmitId, Record};

/// Whether spans can be sent at all.
pub(crate) const ARE_BUILT_IN: bool = cfg!(feature = "otlp");

/// Where spans are sent: the address of a collector, without the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint(String);

/// What is said of a record.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "otlp"),
    expect(dead_code, reason = "nobody reads what nobody sends")
)]
pub(crate) struct About<'a> {
    pub(crate) pipeline: &'a str,
    pub(crate) group: &'a str,
    /// The topic; of a line of a file, its path.
    pub(crate) topic: &'a str,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    pub(crate) emit_id: EmitId,
    /// What was read from Kafka, whose headers may name the span that it was written in.
    pub(crate) record: Option<&'a Record<'a>>,
}

/// What a collector's path is.
const PATH: &str = "/v1/traces";

impl Endpoint {
    /// What a text is to be for [`parse`](Endpoint::parse).
    pub(crate) const WANTED: &str = "the address of a collector, such as `http://localhost:4318`, or `off`. There is no TLS: let a collector \
         on this machine pass the spans on";

    /// `None` is wrong; `Some(None)` is off.
    pub(crate) fn parse(text: &str) -> Option<Option<Endpoint>> {
        let text = text.trim();
        if text.is_empty() || text == "off" {
            return Some(None);
        }
        let host = text.strip_prefix("http://")?;
        if host.is_empty() || host.starts_with(['/', ':']) || host.contains(char::is_whitespace) {
            return None;
        }
        let base = text.trim_end_matches('/');
        let base = base.strip_suffix(PATH).unwrap_or(base);
        Some(Some(Endpoint(base.to_owned())))
    }

    #[cfg(feature = "otlp")]
    fn url(&self) -> String {
        format!("{}{PATH}", self.0)
    }
}

/// Does something inside a span, on any thread.
#[inline]
pub(crate) fn within<R>(span: Option<&Span>, work: impl FnOnce() -> R) -> R {
    match span {
        None => work(),
        Some(span) => span.within(work),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_path_or_not() {
        let parsed = |text| Endpoint::parse(text).map(|endpoint| endpoint.map(|it| it.0));
        let base = Some(Some("http://localhost:4318".to_owned()));
        for text in [
            "http://localhost:4318",
            "http://localhost:4318/",
            "http://localhost:4318/v1/traces",
        ] {
            assert_eq!(parsed(text), base, "{text}");
        }
        assert_eq!(parsed("off"), Some(None));
        for text in [
            "localhost:4318",
            "https://collector",
            "http://",
            "http://a b",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
