//! Whether any broker answers: a client of its own, since a question of the consumer's would wait behind its fetches.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::config::{ClientConfig, FromClientConfigAndContext};
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use super::topics::Quiet;
use crate::error::Error;

/// How long the brokers may take for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the brokers whether they are there.
pub(crate) struct Reach {
    client: BaseConsumer<Quiet>,
    topic: String,
}

impl Reach {
    /// Starts the client; it is no member of a group. The brokers are asked for this topic, to keep the answer short.
    ///
    /// # Errors
    /// When the client refuses its configuration.
    pub(crate) fn connect(
        properties: &BTreeMap<String, String>,
        topic: &str,
    ) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.remove("group.id");
        let client = BaseConsumer::from_config_and_context(&config, Quiet)
            .map_err(|error| Error::broker(format!("the Kafka client does not start: {error}")))?;
        Ok(Reach {
            client,
            topic: topic.to_owned(),
        })
    }

    /// Whether a broker answers. What it answers does not matter: a topic that was deleted is an answer, too.
    pub(crate) fn is_there(&self) -> bool {
        let asked = self.client.fetch_metadata(Some(&self.topic), PATIENCE);
        if let Err(error) = &asked {
            tracing::debug!(%error, "no broker answers");
        }
        asked.is_ok()
    }
}
