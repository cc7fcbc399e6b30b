//! Writing to Kafka: messages are handed over without waiting, and the broker's answer comes back by the number of the
//! call that waits for it.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::error::KafkaError;
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;

use crate::error::{Error, Failure};
use crate::types::MessageParts;

/// Told once for every message handed over, on the producer's own thread.
pub(crate) type OnAnswer = Box<dyn Fn(usize, Result<(), Failure>) + Send + Sync>;

/// The pipeline's producer, with a thread of its own for the broker's answers.
pub(crate) struct Producer {
    inner: ThreadedProducer<Answers>,
}

/// Why a message was not handed over.
#[derive(Debug)]
pub(crate) enum SendError {
    /// The client's queue is full: there are answers to come, and room after them.
    Full,
    /// It can never be sent.
    Refused(String),
}

impl Producer {
    /// Starts the producer.
    ///
    /// # Errors
    /// When the client refuses its configuration.
    pub(crate) fn start(
        properties: &BTreeMap<String, String>,
        on_answer: OnAnswer,
    ) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.set_log_level(RDKafkaLogLevel::Warning);
        let inner = ThreadedProducer::from_config_and_context(&config, Answers { on_answer })
            .map_err(|error| {
                Error::broker(format!("the Kafka producer does not start: {error}"))
            })?;
        Ok(Producer { inner })
    }

    /// Hands a message over; its answer comes with `call`.
    pub(crate) fn send(
        &self,
        call: usize,
        topic: &str,
        parts: &MessageParts,
    ) -> Result<(), SendError> {
        let mut record: BaseRecord<'_, [u8], [u8], usize> = BaseRecord::with_opaque_to(topic, call);
        if let Some(value) = &parts.value {
            record = record.payload(value);
        }
        if let Some(key) = &parts.key {
            record = record.key(key);
        }
        if let Some(partition) = parts.partition {
            record = record.partition(partition);
        }
        if let Some(millis) = parts.timestamp {
            record = record.timestamp(millis);
        }
        if !parts.headers.is_empty() {
            let mut headers = OwnedHeaders::new_with_capacity(parts.headers.len());
            for (name, value) in &parts.headers {
                headers = headers.insert(Header {
                    key: name,
                    value: value.as_ref(),
                });
            }
            record = record.headers(headers);
        }
        self.inner.send(record).map_err(|(error, _)| match error {
            KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) => SendError::Full,
            error => SendError::Refused(format!("producing to `{topic}`: {error}")),
        })
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        // Whatever still waits belongs to records that are not committed: they are read and sent again.
        if let Err(error) = self.inner.flush(Duration::from_secs(1)) {
            tracing::warn!(%error, "messages were still on their way to the broker at the end; their records are not committed");
        }
    }
}

struct Answers {
    on_answer: OnAnswer,
}

impl ClientContext for Answers {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        super::topics::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "producer error");
    }
}

impl ProducerContext for Answers {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, call: usize) {
        let outcome = match result {
            Ok(_) => Ok(()),
            Err((error, _)) => Err(Failure::error(format!(
                "the broker did not take the message: {error}"
            ))),
        };
        (self.on_answer)(call, outcome);
    }
}
