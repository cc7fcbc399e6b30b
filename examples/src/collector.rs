//! A collector of spans, small enough to stand beside an example: it takes OTLP over HTTP, and shows what it was sent as a tree.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

/// A collector on a port of its own.
pub struct Collector {
    address: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    /// Listens from now on.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let spans = Arc::default();
        let into = Arc::clone(&spans);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Err(error) = serve(&stream, &into) {
                    eprintln!("the collector was sent what it does not understand: {error}");
                }
            }
        });
        Ok(Collector { address, spans })
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it was sent: each span below its parent, in the order in which they began.
    pub fn tree(&self) -> String {
        let mut spans = self
            .spans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        spans.sort_by_key(|span| span.start_time_unix_nano);
        let mut text = String::new();
        let is_known = |id: &[u8]| spans.iter().any(|span| span.span_id == id);
        for root in spans.iter().filter(|span| !is_known(&span.parent_span_id)) {
            branch(&spans, root, 0, &mut text);
        }
        text
    }
}

fn branch(spans: &[Span], span: &Span, depth: usize, text: &mut String) {
    let status = span.status.as_ref().filter(|status| status.code == 2);
    let failed = status.map(|status| format!("  failed: {}", status.message));
    let _infallible = writeln!(
        text,
        "{:indent$}{}{}",
        "",
        span.name,
        failed.unwrap_or_default(),
        indent = 4 * depth
    );
    for below in spans
        .iter()
        .filter(|below| below.parent_span_id == span.span_id)
    {
        branch(spans, below, depth + 1, text);
    }
}

/// One request after another, until the other side has had enough.
fn serve(stream: &TcpStream, into: &Mutex<Vec<Span>>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim().to_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(bytes) = line.strip_prefix("content-length: ") {
                length = bytes.parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let request = ExportTraceServiceRequest::decode(&body[..]).map_err(io::Error::other)?;
        let resources = request.resource_spans.into_iter();
        let scopes = resources.flat_map(|resource| resource.scope_spans);
        let mut spans = into.lock().unwrap_or_else(PoisonError::into_inner);
        spans.extend(scopes.flat_map(|scope| scope.spans));
        let mut stream = stream;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")?;
    }
}
