//! The headers of a dead letter, by style: names and forms are those of Kafka Connect's `DeadLetterQueueReporter`, Spring
//! Kafka's `DeadLetterPublishingRecoverer` and Kafka Streams' `ExceptionHandlerUtils`. What has no meaning here is left out:
//! task ids, stack traces, the kind of the timestamp.

use super::{CONNECT, Header, Letter, OURS, SPRING, STREAMS};
use crate::graph::Style;

impl Letter<'_> {
    /// The headers that stand behind the record's own.
    pub(crate) fn headers(&self, style: Style) -> Vec<Header> {
        let mut headers = match style {
            Style::Connect => self.connect(),
            Style::Spring => self.spring(),
            Style::Streams => self.streams(),
        };
        headers.extend(self.ours());
        headers
    }

    /// Numbers are text, as in Connect.
    fn connect(&self) -> Vec<Header> {
        let position = self.position;
        vec![
            text(CONNECT, "topic", &position.topic),
            text(CONNECT, "partition", &position.partition.to_string()),
            text(CONNECT, "offset", &position.offset.to_string()),
            text(CONNECT, "connector.name", self.pipeline),
            text(CONNECT, "stage", self.stage),
            text(CONNECT, "exception.class.name", self.class),
            text(CONNECT, "exception.message", self.message),
        ]
    }

    /// Numbers are bytes, the highest first: four of the partition, eight of offset and timestamp.
    fn spring(&self) -> Vec<Header> {
        let position = self.position;
        let bytes = |name: &str, bytes: &[u8]| (format!("{SPRING}{name}"), Some(bytes.to_vec()));
        let mut headers = vec![
            text(SPRING, "original-topic", &position.topic),
            bytes("original-partition", &position.partition.to_be_bytes()),
            bytes("original-offset", &position.offset.to_be_bytes()),
        ];
        if let Some(millis) = self.timestamp {
            headers.push(bytes("original-timestamp", &millis.to_be_bytes()));
        }
        headers.extend([
            text(SPRING, "original-consumer-group", self.group),
            text(SPRING, "exception-fqcn", self.class),
            text(SPRING, "exception-message", self.message),
        ]);
        headers
    }

    /// Numbers are text, as in Streams; `exception` is what Java's `toString` gives, the class and the message.
    fn streams(&self) -> Vec<Header> {
        let position = self.position;
        let exception = format!("{}: {}", self.class, self.message);
        vec![
            text(STREAMS, "exception", &exception),
            text(STREAMS, "message", self.message),
            text(STREAMS, "topic", &position.topic),
            text(STREAMS, "partition", &position.partition.to_string()),
            text(STREAMS, "offset", &position.offset.to_string()),
        ]
    }

    fn ours(&self) -> [Header; 6] {
        let failed_at = humantime::format_rfc3339_millis(self.failed_at).to_string();
        [
            text(OURS, "emit_id", &self.emit_id.to_string()),
            text(OURS, "pipeline", self.pipeline),
            text(OURS, "group", self.group),
            text(OURS, "stage", self.stage),
            text(OURS, "attempts", &self.attempts.to_string()),
            text(OURS, "failed_at", &failed_at),
        ]
    }
}

fn text(prefix: &str, name: &str, value: &str) -> Header {
    (format!("{prefix}{name}"), Some(value.as_bytes().to_vec()))
}
