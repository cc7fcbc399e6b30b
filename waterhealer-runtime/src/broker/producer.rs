//! Writing to Kafka: messages are handed over without waiting, and the broker's answer comes back by the number of the
//! call that waits for it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::error::KafkaError;
use rdkafka::message::{DeliveryResult, Header, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;

use crate::error::{Error, Failure};
use crate::types::MessageParts;

/// Told once for every message handed over, on the producer's own thread.
pub(crate) type OnAnswer = Box<dyn Fn(usize, Result<(), Failure>) + Send + Sync>;

/// The pipeline's producer, with a thread of its own for the broker's answers.
pub(crate) struct Producer {
    pub(super) inner: ThreadedProducer<Answers>,
}

/// Who hears what became of the messages.
pub(crate) enum Reports {
    /// Somebody waits for each.
    Each(OnAnswer),
    /// Nobody does, since they count together, in a transaction: the first failure is kept for whoever commits.
    Together,
}

/// Why a message was not handed over.
#[derive(Debug)]
pub(crate) enum SendError {
    /// The client's queue is full: there are answers to come, and room after them. Or its transaction is at an end.
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
        reports: Reports,
    ) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.set_log_level(RDKafkaLogLevel::Warning);
        let answers = Answers {
            reports,
            undelivered: Mutex::new(None),
        };
        let inner =
            ThreadedProducer::from_config_and_context(&config, answers).map_err(|error| {
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
            // Nothing is wrong with this message: whoever commits finds out why none is taken.
            KafkaError::MessageProduction(RDKafkaErrorCode::Fatal | RDKafkaErrorCode::State)
                if matches!(self.inner.context().reports, Reports::Together) =>
            {
                SendError::Full
            }
            error => SendError::Refused(format!("producing to `{topic}`: {error}")),
        })
    }

    /// Why the first message of the transaction was not delivered, if one was not.
    pub(super) fn undelivered(&self) -> Option<String> {
        self.inner.context().lock().clone()
    }

    pub(super) fn forget_undelivered(&self) {
        *self.inner.context().lock() = None;
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

pub(super) struct Answers {
    reports: Reports,
    /// Of the transaction that is open.
    undelivered: Mutex<Option<String>>,
}

impl Answers {
    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.undelivered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
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
        match (&self.reports, result) {
            (Reports::Each(on_answer), Ok(_)) => on_answer(call, Ok(())),
            (Reports::Each(on_answer), Err((error, _))) => {
                let why = format!("the broker did not take the message: {error}");
                on_answer(call, Err(Failure::error(why)));
            }
            (Reports::Together, Ok(_)) => {}
            // What an abort throws away is no failure.
            (
                Reports::Together,
                Err((
                    KafkaError::MessageProduction(
                        RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight,
                    ),
                    _,
                )),
            ) => {}
            (Reports::Together, Err((error, message))) => {
                let topic = message.topic();
                self.lock().get_or_insert_with(|| {
                    format!("the broker did not take a message to `{topic}`: {error}")
                });
            }
        }
    }
}
