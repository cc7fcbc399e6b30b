//! What a pipeline answers over HTTP, as a client of our own asks for it: one question a connection, and streams of events.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use super::s;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case, a line each.
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Asks for a path.
pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path, &address.to_string())
}

/// Asks with this method, under this name of the host.
pub(crate) fn ask(address: SocketAddr, method: &str, path: &str, host: &str) -> Answer {
    let mut stream = open(address, method, path, host, "");
    let mut text = String::new();
    stream
        .read_to_string(&mut text)
        .expect("it answers in text");
    let (head, body) = text.split_once("\r\n\r\n").expect("it has a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Answer {
        status: status.expect("it has a status"),
        headers: head.to_lowercase(),
        body: body.to_owned(),
    }
}

fn open(address: SocketAddr, method: &str, path: &str, host: &str, more: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(s(20))).expect("a time");
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).expect("it listens");
    stream
}

/// A stream of events.
pub(crate) struct Events {
    lines: BufReader<TcpStream>,
}

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: u64,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

impl Events {
    /// Listens from now on, or from behind the event `last`.
    pub(crate) fn listen(address: SocketAddr, last: Option<u64>) -> Events {
        let more = last.map_or(String::new(), |last| format!("Last-Event-ID: {last}\r\n"));
        let host = address.to_string();
        let stream = open(address, "GET", "/api/v1/events", &host, &more);
        Events {
            lines: BufReader::new(stream),
        }
    }

    /// The next event; `None` once the stream has ended.
    pub(crate) fn next(&mut self) -> Option<Event> {
        let (mut id, mut kind, mut data) = (None, None, None);
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).expect("it goes on") == 0 {
                return None;
            }
            // Lines of the head, lengths of chunks and comments are no fields.
            match line.trim_end().split_once(": ") {
                Some(("id", text)) => id = text.parse().ok(),
                Some(("event", text)) => kind = Some(text.to_owned()),
                Some(("data", text)) => data = serde_json::from_str(text).ok(),
                _ => {}
            }
            if let (Some(id), Some(kind), Some(data)) = (&id, &kind, &data) {
                return Some(Event {
                    id: *id,
                    kind: kind.clone(),
                    data: Value::clone(data),
                });
            }
        }
    }

    /// The next event of this kind.
    #[track_caller]
    pub(crate) fn next_of(&mut self, kind: &str) -> Event {
        loop {
            let event = self.next().expect("the stream goes on");
            if event.kind == kind {
                return event;
            }
        }
    }
}
