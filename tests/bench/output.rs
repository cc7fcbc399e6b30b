//! The topics that measured pipelines write to. What is read is in `topic`.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::types::RDKafkaErrorCode;

use crate::Error;
use crate::topic::{PARTITIONS, client};

/// Makes sure that there is an empty topic to write to.
pub(crate) fn ensure(brokers: &str, topic: &str) -> Result<(), Error> {
    let admin: AdminClient<DefaultClientContext> = client(brokers).create()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // What is written to it is of no use: it keeps little.
    let keep = [
        ("retention.bytes", "1000000"),
        ("segment.bytes", "50000000"),
    ];
    let mut new = NewTopic::new(topic, PARTITIONS, TopicReplication::Fixed(1));
    for (name, value) in keep {
        new = new.set(name, value);
    }
    for outcome in runtime.block_on(admin.create_topics([&new], &AdminOptions::new()))? {
        match outcome {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, code)) => return Err(format!("{topic} cannot be created: {code}").into()),
        }
    }
    Ok(())
}
