//! A consumer group as the broker tells it, asked by a client that is no member: committed offsets, members, lag.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{Broker, Place, eventually};

const PATIENCE: Duration = Duration::from_secs(30);

/// A group and the topics it reads.
pub(crate) struct Group {
    broker: Broker,
    name: String,
    topics: Vec<(String, i32)>,
    asker: BaseConsumer,
}

impl Group {
    /// A group that nobody has used before; `topics` with the number of their partitions.
    pub(crate) fn new(broker: &Broker, topics: &[(&str, i32)]) -> Group {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let millis = now.expect("it is after 1970").as_millis();
        let name = format!("{}-{millis}-{}", topics[0].0, std::process::id());
        Group::named(broker, name, topics)
    }

    fn named(broker: &Broker, name: String, topics: &[(&str, i32)]) -> Group {
        let mut config = broker.client();
        config
            .set("group.id", &name)
            .set("enable.auto.commit", "false");
        Group {
            broker: broker.clone(),
            asker: config.create().expect("a client starts"),
            name,
            topics: topics
                .iter()
                .map(|(topic, partitions)| ((*topic).to_owned(), *partitions))
                .collect(),
        }
    }

    /// The same group, through a client of its own.
    pub(crate) fn another(&self) -> Group {
        let topics: Vec<_> = self
            .topics
            .iter()
            .map(|(topic, count)| (topic.as_str(), *count))
            .collect();
        Group::named(&self.broker, self.name.clone(), &topics)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The committed offset of each partition that has one.
    pub(crate) fn try_committed(&self) -> Result<BTreeMap<Place, i64>, KafkaError> {
        let mut list = TopicPartitionList::new();
        for (topic, partitions) in &self.topics {
            list.add_partition_range(topic, 0, partitions - 1);
        }
        let answer = self.asker.committed_offsets(list, PATIENCE)?;
        let offsets = answer
            .elements()
            .into_iter()
            .filter_map(|element| match element.offset() {
                Offset::Offset(offset) => {
                    Some(((element.topic().to_owned(), element.partition()), offset))
                }
                _ => None,
            });
        Ok(offsets.collect())
    }

    pub(crate) fn committed(&self) -> BTreeMap<Place, i64> {
        self.try_committed().expect("the broker answers")
    }

    /// What stands beside the committed offset of one partition of the first topic.
    pub(crate) fn metadata_in(&self, partition: i32) -> String {
        let mut list = TopicPartitionList::new();
        list.add_partition(&self.topics[0].0, partition);
        let answer = self.asker.committed_offsets(list, PATIENCE);
        let answer = answer.expect("the broker answers");
        answer.elements()[0].metadata().to_owned()
    }

    /// Commits for one partition of the first topic, as any other client would. The group must have no members.
    pub(crate) fn commit(&self, partition: i32, offset: i64, metadata: &str) {
        let mut list = TopicPartitionList::new();
        let topic = &self.topics[0].0;
        list.add_partition_offset(topic, partition, Offset::Offset(offset))
            .expect("it is valid");
        list.elements()[0].set_metadata(metadata);
        let committed = self.asker.commit(&list, CommitMode::Sync);
        committed.expect("the broker takes it");
    }

    /// The committed offset of one partition of the first topic.
    pub(crate) fn committed_in(&self, partition: i32) -> Option<i64> {
        self.committed()
            .get(&(self.topics[0].0.clone(), partition))
            .copied()
    }

    /// The ends of all partitions that hold anything.
    pub(crate) fn ends(&self) -> BTreeMap<Place, i64> {
        let ends = self
            .topics
            .iter()
            .flat_map(|(topic, count)| self.broker.ends(topic, *count));
        ends.filter(|(_, end)| *end > 0).collect()
    }

    /// The group's lag is 0 in every partition.
    #[track_caller]
    pub(crate) fn assert_at_end(&self) {
        assert_eq!(
            self.committed(),
            self.ends(),
            "committed against the ends of the partitions"
        );
    }

    #[track_caller]
    pub(crate) fn wait_until_at_end(&self, within: Duration) {
        let ends = self.ends();
        eventually(within, "everything is committed", || {
            self.try_committed()
                .is_ok_and(|committed| committed == ends)
        });
    }

    /// How many members the coordinator counts, dead ones whose session still runs among them.
    pub(crate) fn members(&self) -> usize {
        let list = self
            .asker
            .fetch_group_list(Some(&self.name), PATIENCE)
            .expect("the broker answers");
        list.groups()
            .iter()
            .map(|group| group.members().len())
            .sum()
    }
}
