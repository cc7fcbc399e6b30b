//! What the headers of a dead letter say, of whichever style: the last of a name counts, since a record that failed twice
//! has those of the first time in front.

use super::{CONNECT, Header, OURS, SPRING, STREAMS, Said};

impl Said {
    /// Reads the headers of a dead letter.
    pub(crate) fn of(headers: &[Header]) -> Said {
        let find = |prefix: &str, name: &str| {
            let mut found = headers.iter().rev();
            found.find_map(|(key, value)| {
                (key.strip_prefix(prefix)? == name).then_some(value.as_deref())?
            })
        };
        let text = |prefix: &str, name: &str| {
            find(prefix, name).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        // A record may have the headers of one style from an earlier pipeline and fail in another: the style of the last
        // header that names a topic is that of the last failure.
        let topics = [CONNECT, STREAMS].map(|prefix| format!("{prefix}topic"));
        let spring = format!("{SPRING}original-topic");
        let last = headers.iter().rev().find_map(|(key, _)| {
            if *key == spring {
                return Some(SPRING);
            }
            let style = topics.iter().position(|topic| key == topic)?;
            [CONNECT, STREAMS].get(style).copied()
        });
        let said = match last {
            Some(SPRING) => Said {
                topic: text(SPRING, "original-topic"),
                partition: find(SPRING, "original-partition")
                    .and_then(|bytes| Some(i32::from_be_bytes(bytes.try_into().ok()?))),
                offset: find(SPRING, "original-offset")
                    .and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?))),
                group: text(SPRING, "original-consumer-group"),
                class: text(SPRING, "exception-fqcn"),
                message: text(SPRING, "exception-message"),
                ..Said::default()
            },
            Some(prefix) => Said {
                topic: text(prefix, "topic"),
                partition: text(prefix, "partition").and_then(|text| text.parse().ok()),
                offset: text(prefix, "offset").and_then(|text| text.parse().ok()),
                pipeline: text(prefix, "connector.name"),
                stage: text(prefix, "stage"),
                class: text(prefix, "exception.class.name").or_else(|| {
                    let exception = text(prefix, "exception")?;
                    Some(exception.split(": ").next()?.to_owned())
                }),
                message: text(prefix, "exception.message").or_else(|| text(prefix, "message")),
                ..Said::default()
            },
            None => Said::default(),
        };
        Said {
            emit_id: text(OURS, "emit_id"),
            pipeline: text(OURS, "pipeline").or(said.pipeline),
            group: text(OURS, "group").or(said.group),
            stage: text(OURS, "stage").or(said.stage),
            failed_at: text(OURS, "failed_at"),
            ..said
        }
    }
}
