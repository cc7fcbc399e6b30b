//! Questions to the brokers before a pipeline starts: are they there, do the topics exist, is a property known. And the
//! client's own log lines, as `tracing` events.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::types::{RDKafkaErrorCode, RDKafkaRespErr};

use crate::error::Error;

/// What the brokers say of the topics that a pipeline needs.
#[derive(Debug)]
pub(crate) struct Checked {
    /// How many partitions each has.
    pub(crate) topics: Vec<(String, usize)>,
    /// The cluster's id; empty where the brokers give none.
    pub(crate) cluster: String,
}

/// How many partitions each topic has, and in which cluster.
///
/// # Errors
/// When no broker answers within `patience`, or one of the topics does not exist or may not be read.
pub(crate) fn check_topics(
    properties: &BTreeMap<String, String>,
    topics: &[impl AsRef<str>],
    patience: Duration,
) -> Result<Checked, Error> {
    let client = asking(properties)?;
    let until = Instant::now() + patience;
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for topic in topics {
        let left = until
            .saturating_duration_since(Instant::now())
            .max(Duration::from_millis(100));
        let metadata = client
            .fetch_metadata(Some(topic.as_ref()), left)
            .map_err(|error| silent(properties, patience, &error))?;
        for entry in metadata.topics() {
            match entry.error() {
                None if entry.partitions().is_empty() => {
                    missing.push(format!("`{}` has no partitions", entry.name()));
                }
                None => found.push((entry.name().to_owned(), entry.partitions().len())),
                Some(RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) => {
                    missing.push(format!("`{}` does not exist", entry.name()));
                }
                Some(error) => missing.push(format!(
                    "`{}`: {}",
                    entry.name(),
                    RDKafkaErrorCode::from(error)
                )),
            }
        }
    }
    if missing.is_empty() {
        let left = until.saturating_duration_since(Instant::now());
        return Ok(Checked {
            topics: found,
            cluster: client.client().fetch_cluster_id(left).unwrap_or_default(),
        });
    }
    Err(Error::broker(format!(
        "topics at `{}`: {}. Create them first: a topic that the pipeline created by reading it would have the \
         wrong number of partitions",
        brokers(properties),
        missing.join("; ")
    )))
}

/// The id of the cluster; empty where the brokers give none.
///
/// # Errors
/// When no broker answers within `patience`.
pub(crate) fn cluster_id(
    properties: &BTreeMap<String, String>,
    patience: Duration,
) -> Result<String, Error> {
    let client = asking(properties)?;
    let until = Instant::now() + patience;
    // The id comes with any answer; without one, no answer and no id are not told apart.
    let _metadata = client
        .fetch_metadata(Some(""), patience)
        .map_err(|error| silent(properties, patience, &error))?;
    let left = until.saturating_duration_since(Instant::now());
    Ok(client.client().fetch_cluster_id(left).unwrap_or_default())
}

/// A client that asks, and is no member of the group.
fn asking(properties: &BTreeMap<String, String>) -> Result<BaseConsumer<Quiet>, Error> {
    let mut config = ClientConfig::new();
    config.extend(properties.clone());
    config.remove("group.id");
    config.set_log_level(RDKafkaLogLevel::Error);
    BaseConsumer::from_config_and_context(&config, Quiet)
        .map_err(|error| Error::broker(format!("the Kafka client does not start: {error}")))
}

fn brokers(properties: &BTreeMap<String, String>) -> &str {
    let brokers = properties.get("bootstrap.servers");
    brokers.map_or("", String::as_str)
}

fn silent(properties: &BTreeMap<String, String>, patience: Duration, error: &KafkaError) -> Error {
    Error::broker(format!(
        "no Kafka broker answers at `{}` within {}: {error}. Start one there, or say where it is: \
         `--brokers HOST:PORT` or KAFKA_BOOTSTRAP_SERVERS",
        brokers(properties),
        humantime::format_duration(patience)
    ))
}

/// Whether the client knows a property and takes this value; the answer is its reason if not.
pub(crate) fn check_property(name: &str, value: &str) -> Result<(), String> {
    let mut config = ClientConfig::new();
    config.set(name, value);
    match config.create_native_config() {
        Ok(_) => Ok(()),
        Err(KafkaError::ClientConfig(_, why, _, _)) => Err(why),
        Err(error) => Err(error.to_string()),
    }
}

/// A line of the client's own log.
pub(super) fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg
        | RDKafkaLogLevel::Alert
        | RDKafkaLogLevel::Critical
        | RDKafkaLogLevel::Error => {
            tracing::error!(target: "waterhealer::kafka", facility, "{message}")
        }
        RDKafkaLogLevel::Warning => {
            tracing::warn!(target: "waterhealer::kafka", facility, "{message}")
        }
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
            tracing::info!(target: "waterhealer::kafka", facility, "{message}");
        }
        RDKafkaLogLevel::Debug => {
            tracing::debug!(target: "waterhealer::kafka", facility, "{message}")
        }
    }
}

/// Says nothing: what matters comes back as the answer.
pub(super) struct Quiet;

impl ClientContext for Quiet {
    fn log(&self, _level: RDKafkaLogLevel, _facility: &str, _message: &str) {}

    fn error(&self, _error: KafkaError, _reason: &str) {}
}

impl ConsumerContext for Quiet {}
