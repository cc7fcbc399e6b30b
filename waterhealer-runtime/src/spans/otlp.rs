//! The tracer: how spans begin, and their way to the collector. What becomes of one afterwards is `span`'s.

use std::time::Duration;

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{
    Link, SpanBuilder, SpanKind, TraceContextExt as _, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

use super::{About, Endpoint, Span, names};
use crate::error::{Error, ErrorKind};
use crate::graph::NodeSpec;
use crate::types::Record;

/// How long the last spans may take to the collector.
const LAST: Duration = Duration::from_secs(5);

/// Begins spans, and sends those that are sampled once they have ended.
#[derive(Debug, Clone)]
pub(crate) struct Tracer {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Tracer {
    /// Begins to send. `service` is its name unless the environment has one.
    ///
    /// # Errors
    /// When the exporter cannot be built.
    pub(crate) fn start(endpoint: &Endpoint, service: &str) -> Result<Tracer, Error> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint.url())
            .build()
            .map_err(|error| {
                let why = format!("no spans can be sent to {}: {error}", endpoint.url());
                Error::new(ErrorKind::Configuration, why)
            })?;
        let mut resource = Resource::builder();
        if !is_named() {
            resource = resource.with_service_name(service.to_owned());
        }
        // The sampler, and how many spans go at once, are as the environment says (OTEL_TRACES_SAMPLER, OTEL_BSP_…).
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        let tracer = provider.tracer("waterhealer");
        Ok(Tracer { provider, tracer })
    }

    /// A record has come: its span is a child of the one that it was written in, if its headers name one.
    pub(crate) fn record(&self, about: &About<'_>) -> Span {
        let mut attributes = vec![
            KeyValue::new(names::PIPELINE, about.pipeline.to_owned()),
            KeyValue::new(names::EMIT_ID, about.emit_id.to_string()),
            KeyValue::new(names::OPERATION, names::PROCESS),
            KeyValue::new(names::DESTINATION, about.topic.to_owned()),
            KeyValue::new(names::PARTITION, about.partition.to_string()),
            KeyValue::new(names::OFFSET, about.offset),
        ];
        let mut parent = Context::new();
        let mut kind = SpanKind::Internal;
        if let Some(record) = about.record {
            attributes.extend([
                KeyValue::new(names::SYSTEM, names::KAFKA),
                KeyValue::new(names::OPERATION_TYPE, names::PROCESS),
                KeyValue::new(names::GROUP, about.group.to_owned()),
            ]);
            let propagator = TraceContextPropagator::new();
            parent = propagator.extract_with_context(&parent, &Written(record));
            kind = SpanKind::Consumer;
        }
        let name = format!("{} {}", names::PROCESS, about.topic);
        let builder = SpanBuilder::from_name(name)
            .with_kind(kind)
            .with_attributes(attributes);
        self.begin(builder, &parent)
    }

    /// A stage is called, on a record or on several, to which the span is linked.
    pub(crate) fn call(&self, node: &NodeSpec, parent: Option<&Span>, links: &[&Span]) -> Span {
        let links = links.iter().map(|span| {
            let linked = span.context.span().span_context().clone();
            Link::new(linked, Vec::new(), 0)
        });
        let builder = SpanBuilder::from_name(node.path())
            .with_attributes([
                KeyValue::new(names::FUNCTION, node.name),
                KeyValue::new(names::STAGE, node.name),
            ])
            .with_links(links.collect());
        self.begin(builder, &context(parent))
    }

    /// A message goes to a topic.
    pub(crate) fn send(&self, topic: &str, parent: Option<&Span>) -> Span {
        let builder = SpanBuilder::from_name(format!("{} {topic}", names::SEND))
            .with_kind(SpanKind::Producer)
            .with_attributes([
                KeyValue::new(names::SYSTEM, names::KAFKA),
                KeyValue::new(names::OPERATION, names::SEND),
                KeyValue::new(names::OPERATION_TYPE, names::SEND),
                KeyValue::new(names::DESTINATION, topic.to_owned()),
            ]);
        self.begin(builder, &context(parent))
    }

    /// What makes spans of `tracing` spans; those of a stage stand below its call.
    pub(crate) fn layer<S>(&self) -> OpenTelemetryLayer<S, SdkTracer>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer().with_tracer(self.tracer.clone())
    }

    /// Sends what has ended so far, and nothing any more.
    pub(crate) fn end(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST) {
            tracing::warn!(%error, "the last spans did not reach the collector");
        }
    }

    fn begin(&self, builder: SpanBuilder, parent: &Context) -> Span {
        let span = self.tracer.build_with_context(builder, parent);
        Span {
            context: parent.with_span(span),
        }
    }
}

fn context(parent: Option<&Span>) -> Context {
    parent.map_or_else(Context::new, |span| span.context.clone())
}

/// Whether the environment names the service.
fn is_named() -> bool {
    let attributes = std::env::var("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    std::env::var_os("OTEL_SERVICE_NAME").is_some_and(|name| !name.is_empty())
        || attributes.contains("service.name=")
}

/// The headers of a record, as W3C's trace context is written there.
struct Written<'a>(&'a Record<'a>);

impl Extractor for Written<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        std::str::from_utf8(self.0.header(key)?).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.headers().map(|(name, _)| name).collect()
    }
}
