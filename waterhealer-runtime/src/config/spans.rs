//! The setting of spans.

use super::Layer;
use super::reader::Reader;
use crate::spans::{ARE_BUILT_IN, Endpoint};

/// The setting.
pub(super) const NAME: &str = "otlp_endpoint";

/// What OpenTelemetry calls it, and the Python library; the later one wins.
const JAEGER: &str = "ENABLE_OPENTELEMETRY_JAEGER";
const COLLECTOR: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

/// Where a collector on this machine listens.
const LOCAL: &str = "http://localhost:4318";

impl Reader {
    /// Where spans go; `None` is nowhere.
    pub(super) fn endpoint(&mut self) -> Option<Endpoint> {
        let endpoint = self.read(NAME, None, Endpoint::WANTED, Endpoint::parse)?;
        if ARE_BUILT_IN {
            return Some(endpoint);
        }
        // Where all programs are told of a collector, one that sends no spans is none the worse.
        let layer = self.winner(NAME).map(|entry| entry.layer.clone());
        if let Some(layer) = layer.filter(|layer| !matches!(layer, Layer::Fallback(_))) {
            self.mistakes.push(format!(
                "{layer}: `{NAME}` needs the feature `otlp` of `waterhealer`, with which this program was not built"
            ));
        }
        None
    }
}

/// The value that a variable of another name gives the setting; `None` if it says nothing.
pub(super) fn fallback(name: &str, value: &str) -> Option<String> {
    match name {
        JAEGER if value.eq_ignore_ascii_case("true") => Some(LOCAL.to_owned()),
        COLLECTOR | TRACES if !value.is_empty() => Some(value.to_owned()),
        _ => None,
    }
}

/// How much a variable counts among those for the same setting.
pub(super) fn rank(layer: &Layer) -> Option<usize> {
    let Layer::Fallback(name) = layer else {
        return None;
    };
    [JAEGER, COLLECTOR, TRACES]
        .iter()
        .position(|known| known == name)
}
