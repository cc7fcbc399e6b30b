//! A broker of librdkafka's own, inside this process, for what no real one can be asked to do: to answer with a given error,
//! late, or not at all. What it says about offsets is asked like any other broker's.

use std::time::Duration;

use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

use super::Broker;

/// The one broker of the cluster.
const BROKER: i32 = 1;

/// A cluster of one broker, gone when it is dropped.
pub(crate) struct Mock {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl Mock {
    /// Starts one with this topic.
    pub(crate) fn with_topic(topic: &str, partitions: i32) -> Mock {
        let cluster = MockCluster::new(1).expect("the client library has a broker");
        cluster
            .create_topic(topic, partitions, 1)
            .expect("the topic is new");
        Mock { cluster }
    }

    pub(crate) fn broker(&self) -> Broker {
        Broker::at(self.cluster.bootstrap_servers())
    }

    /// Answers the next requests of this kind with an error, so many of them.
    pub(crate) fn refuse(&self, requests: RDKafkaApiKey, times: usize, error: RDKafkaRespErr) {
        self.cluster.request_errors(requests, &vec![error; times]);
    }

    /// Takes what was left of [`refuse`](Mock::refuse) back.
    pub(crate) fn allow(&self, requests: RDKafkaApiKey) {
        self.cluster.clear_request_errors(requests);
    }

    /// Answers all requests so late.
    pub(crate) fn answer_after(&self, delay: Duration) {
        self.cluster
            .broker_round_trip_time(BROKER, delay)
            .expect("it has that broker");
    }

    /// Hangs up, and takes no calls.
    pub(crate) fn go_down(&self) {
        self.cluster
            .broker_down(BROKER)
            .expect("it has that broker");
    }

    pub(crate) fn come_up(&self) {
        self.cluster.broker_up(BROKER).expect("it has that broker");
    }
}
