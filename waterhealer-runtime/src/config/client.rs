//! What the Kafka client is given: the user's properties, what is ours to decide, and our defaults where nothing is said.

use std::collections::BTreeMap;

pub(super) type Properties = BTreeMap<String, String>;

/// Properties that the runtime decides, with the reason.
pub(super) const OURS: &[(&str, &str)] = &[
    (
        "enable.auto.commit",
        "the client would commit what was polled, finished or not, and a crash would lose records",
    ),
    (
        "enable.auto.offset.store",
        "the client would store what was polled, finished or not, and a crash would lose records",
    ),
    (
        "enable.partition.eof",
        "the client's position then runs one ahead at the end of a partition, and a pause would lose a record \
         (librdkafka#4844)",
    ),
];

/// Why a property with this value is refused, if it is.
pub(super) fn refused(name: &str, value: &str) -> Option<&'static str> {
    match (name, value) {
        ("acks" | "request.required.acks", "0") => Some(
            "a message would count as written before any broker has it, and its record would be committed",
        ),
        _ => None,
    }
}

/// What a consumer gets unless something else is said.
const CONSUMER: &[(&str, &str)] = &[
    // A record written before the first start, or to a partition added later, is a record too.
    ("auto.offset.reset", "earliest"),
    // The default stops a partition's fetcher for a second whenever the local queue is full.
    ("fetch.queue.backoff.ms", "5"),
    // The default of 50 MiB lets an answer grow to 1 MiB for each partition: out of the processor's cache, and twice the
    // memory. 4 MiB was a fifth faster, and still fills a line of 300 Mbit/s at 100 ms to the broker.
    ("fetch.max.bytes", "4194304"),
];

/// What a producer gets unless something else is said.
const PRODUCER: &[(&str, &str)] = &[("enable.idempotence", "true"), ("linger.ms", "5")];

/// Properties with which the client works `fetch.max.bytes` out by itself, as long as nobody sets it; it refuses to start
/// with one below `message.max.bytes`.
const SIZES: &[&str] = &["message.max.bytes", "queued.max.messages.kbytes"];

/// All properties of the consumer.
pub(super) fn consumer(given: &Properties, group: &str) -> Properties {
    let mut properties = with_defaults(CONSUMER, given);
    if !given.contains_key("fetch.max.bytes") && SIZES.iter().any(|size| given.contains_key(*size))
    {
        properties.remove("fetch.max.bytes");
    }
    properties.insert("group.id".to_owned(), group.to_owned());
    for (name, _) in OURS {
        properties.insert((*name).to_owned(), "false".to_owned());
    }
    properties
}

/// All properties of the producer, but for transactions.
pub(super) fn producer(given: &Properties) -> Properties {
    with_defaults(PRODUCER, given)
}

pub(super) fn with_defaults(defaults: &[(&str, &str)], given: &Properties) -> Properties {
    let defaults = defaults.iter();
    let mut properties: Properties = defaults
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    properties.extend(given.clone());
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_with(given: &[(&str, &str)]) -> Option<String> {
        consumer(&with_defaults(given, &Properties::new()), "group").remove("fetch.max.bytes")
    }

    #[test]
    fn what_would_commit_unwritten_messages_is_refused() {
        assert!(refused("acks", "0").is_some());
        assert!(refused("request.required.acks", "0").is_some());
        assert!(refused("acks", "1").is_none());
    }

    #[test]
    fn the_size_of_an_answer_is_ours_unless_a_size_is_given() {
        assert_eq!(size_with(&[]).as_deref(), Some("4194304"));
        assert_eq!(size_with(&[("message.max.bytes", "10000000")]), None);
        let both = [("message.max.bytes", "10"), ("fetch.max.bytes", "20")];
        assert_eq!(size_with(&both).as_deref(), Some("20"));
    }
}
