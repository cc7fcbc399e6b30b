//! A broker inside the process, for the first minute and for fast tests. It is librdkafka's own mock: groups, commits and
//! rebalances work, transactions are hollow, and it proves no delivery guarantee. Real brokers are used where one is meant.

use std::time::Duration;

use rdkafka::config::{ClientConfig, FromClientConfig};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, DefaultProducerContext, Producer as _};

use super::native;
use crate::error::Error;

/// A Kafka broker inside this process, on a port of its own, gone when it is dropped.
///
/// ```no_run
/// # fn main() -> Result<(), waterhealer_runtime::Error> {
/// let broker = waterhealer_runtime::Embedded::start()?;
/// broker.create_topic("orders", 3)?;
/// println!("{}", broker.bootstrap());
/// # Ok(()) }
/// ```
pub struct Embedded {
    client: BaseProducer<DefaultProducerContext>,
    bootstrap: String,
}

impl Embedded {
    /// Starts it.
    ///
    /// # Errors
    /// When the client library cannot open its ports.
    pub fn start() -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        config.set("test.mock.num.brokers", "1");
        let client = BaseProducer::from_config(&config).map_err(|error| {
            Error::broker(format!("the embedded broker does not start: {error}"))
        })?;
        // Three seconds otherwise, as long as a newcomer's patience.
        native::shorten_first_join(client.client().native_ptr(), Duration::from_millis(100));
        let bootstrap = client
            .client()
            .mock_cluster()
            .map(|cluster: MockCluster<'_, _>| cluster.bootstrap_servers())
            .ok_or_else(|| Error::broker("the client library has no embedded broker"))?;
        Ok(Embedded { client, bootstrap })
    }

    /// Its address, for `bootstrap.servers`.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Creates a topic.
    ///
    /// # Errors
    /// When it exists already.
    pub fn create_topic(&self, topic: &str, partitions: i32) -> Result<(), Error> {
        let cluster = self
            .client
            .client()
            .mock_cluster()
            .ok_or_else(|| Error::broker("the client library has no embedded broker"))?;
        cluster
            .create_topic(topic, partitions, 1)
            .map_err(|error| Error::broker(format!("cannot create `{topic}`: {error}")))
    }
}
