//! Questions about offsets: what a group has committed, with the metadata beside it, from where to where each log goes, and
//! which topics they are of. Any client may ask.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use rdkafka::config::{ClientConfig, FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaErrorCode;

use super::commit::Commit;
use super::consumer::At;
use super::native::{self, Queue};
use super::topics::Quiet;
use crate::done_set::TopicId;
use crate::error::{Error, ErrorKind};

/// Between two questions about offsets that an open transaction may still move.
const AGAIN: Duration = Duration::from_millis(100);

/// What is known of partitions, by topic and number.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// What is committed; a partition without a commit is not in it.
    pub(crate) committed: HashMap<(String, i32), Committed>,
    /// The first offset of each log and the one behind its last, as far as the brokers have said them.
    pub(crate) logs: HashMap<(String, i32), Log>,
    /// The ids of topics, as far as the brokers have said them.
    pub(crate) topics: HashMap<String, TopicId>,
}

/// A committed offset and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Committed {
    pub(crate) offset: i64,
    pub(crate) metadata: Vec<u8>,
}

/// From where to where a log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) first: i64,
    /// One past the last record that can be read.
    pub(crate) end: i64,
}

pub(super) fn places<C: ConsumerContext>(
    client: &BaseConsumer<C>,
    partitions: &[(String, i32)],
    patience: Duration,
) -> Result<Places, String> {
    let mut places = Places::default();
    let mut list = TopicPartitionList::with_capacity(partitions.len());
    for (topic, partition) in partitions {
        list.add_partition(topic, *partition);
    }
    for (commit, metadata) in committed(client, &list, patience)? {
        if commit.offset >= 0 {
            let offset = commit.offset;
            let committed = Committed { offset, metadata };
            let place = (commit.topic.to_string(), commit.partition);
            places.committed.insert(place, committed);
        }
    }
    match logs(client, partitions, patience) {
        Ok(logs) => places.logs = logs,
        Err(error) => {
            tracing::warn!(%error, "the brokers do not say from where to where the logs go; what is committed is not held against them");
        }
    }
    // Last: of a topic that is made anew meanwhile, the id is then not older than the log.
    places.topics = topics(client, partitions, patience);
    Ok(places)
}

/// What is committed of each partition. While a transaction that moves the group is open, the coordinator does not say it
/// (KIP-447), which must not be read as if nothing were committed; then it is asked again.
fn committed<C: ConsumerContext>(
    client: &BaseConsumer<C>,
    list: &TopicPartitionList,
    patience: Duration,
) -> Result<Vec<(Commit, Vec<u8>)>, String> {
    let until = Instant::now() + patience;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let answer = client
            .committed_offsets(list.clone(), left)
            .map_err(|error| error.to_string())?;
        match native::committed(&answer).into_iter().collect() {
            Ok(committed) => return Ok(committed),
            Err(RDKafkaErrorCode::UnstableOffsetCommit) if left > AGAIN => {
                std::thread::sleep(AGAIN);
            }
            Err(code) => return Err(code.to_string()),
        }
    }
}

/// From where to where each log goes: two questions to each broker.
fn logs<C: ConsumerContext>(
    client: &BaseConsumer<C>,
    partitions: &[(String, i32)],
    patience: Duration,
) -> KafkaResult<HashMap<(String, i32), Log>> {
    let ask = |what: Offset| -> KafkaResult<HashMap<(String, i32), i64>> {
        let mut list = TopicPartitionList::with_capacity(partitions.len());
        for (topic, partition) in partitions {
            list.add_partition_offset(topic, *partition, what)?;
        }
        let answer = client.offsets_for_times(list, patience)?;
        let found = answer.elements().into_iter().filter_map(|element| {
            let Offset::Offset(offset) = element.offset() else {
                return None;
            };
            let place = (element.topic().to_owned(), element.partition());
            element.error().is_ok().then_some((place, offset))
        });
        Ok(found.collect())
    };
    let ends = ask(Offset::End)?;
    let firsts = ask(Offset::Beginning)?;
    let logs = firsts.into_iter().filter_map(|(place, first)| {
        let end = *ends.get(&place)?;
        Some((place, Log { first, end }))
    });
    Ok(logs.collect())
}

fn topics<C: ConsumerContext>(
    client: &BaseConsumer<C>,
    partitions: &[(String, i32)],
    patience: Duration,
) -> HashMap<String, TopicId> {
    let names: BTreeSet<&str> = partitions.iter().map(|(topic, _)| &**topic).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let ids = described(client, &names, patience).into_iter();
    ids.filter_map(|(topic, id)| Some((topic, id.ok()?)))
        .collect()
}

fn described<C: ConsumerContext>(
    client: &BaseConsumer<C>,
    topics: &[&str],
    patience: Duration,
) -> Vec<(String, Result<TopicId, RDKafkaErrorCode>)> {
    let handle = client.client().native_ptr();
    let ids = Queue::new(handle).map(|queue| queue.topic_ids(handle, topics, patience));
    ids.unwrap_or_default()
}

/// A client that may look at a group's offsets and set them, and is no member of it.
pub(crate) struct Offsets {
    client: BaseConsumer<Quiet>,
    group: String,
}

/// A member of a group, as its coordinator knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// What it calls itself, and from where.
    pub(crate) name: String,
    /// What it holds, as far as the coordinator says it.
    pub(crate) partitions: Vec<(String, i32)>,
}

impl Offsets {
    /// Starts the client.
    ///
    /// # Errors
    /// When it refuses its configuration.
    pub(crate) fn connect(
        properties: &BTreeMap<String, String>,
        group: &str,
    ) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        config.extend(properties.clone());
        config.set("group.id", group);
        config.set_log_level(RDKafkaLogLevel::Error);
        let client = BaseConsumer::from_config_and_context(&config, Quiet)
            .map_err(|error| Error::broker(format!("the Kafka client does not start: {error}")))?;
        Ok(Offsets {
            client,
            group: group.to_owned(),
        })
    }

    /// What is committed, what the log holds, and which topics they are, of these partitions.
    ///
    /// # Errors
    /// When the group's coordinator does not answer within `patience`.
    pub(crate) fn places(
        &self,
        partitions: &[(String, i32)],
        patience: Duration,
    ) -> Result<Places, Error> {
        places(&self.client, partitions, patience).map_err(|error| {
            Error::broker(format!(
                "the group `{}` cannot be asked: {error}",
                self.group
            ))
        })
    }

    /// Those of the topics that the brokers do not know; of one that they say nothing of it is not known, either.
    pub(crate) fn unknown(&self, topics: &[&str], patience: Duration) -> BTreeSet<String> {
        let described = described(&self.client, topics, patience).into_iter();
        let unknown =
            described.filter(|(_, id)| *id == Err(RDKafkaErrorCode::UnknownTopicOrPartition));
        unknown.map(|(topic, _)| topic).collect()
    }

    /// The first offset whose record is not older than so many milliseconds since 1970; the end of the log when none is.
    ///
    /// # Errors
    /// When the brokers do not answer within `patience`.
    pub(crate) fn since(
        &self,
        partitions: &[(String, i32)],
        millis: i64,
        patience: Duration,
    ) -> Result<HashMap<(String, i32), At>, Error> {
        let ask = || -> KafkaResult<TopicPartitionList> {
            let mut list = TopicPartitionList::with_capacity(partitions.len());
            for (topic, partition) in partitions {
                list.add_partition_offset(topic, *partition, Offset::Offset(millis))?;
            }
            self.client.offsets_for_times(list, patience)
        };
        let answer = ask().map_err(|error| {
            Error::broker(format!(
                "the brokers do not say what is since then: {error}"
            ))
        })?;
        let found = answer.elements().into_iter().filter_map(|element| {
            let at = match element.offset() {
                Offset::Offset(offset) => At::Offset(offset),
                Offset::End => At::End,
                _ => return None,
            };
            let place = (element.topic().to_owned(), element.partition());
            element.error().is_ok().then_some((place, at))
        });
        Ok(found.collect())
    }

    /// The members of the group.
    ///
    /// # Errors
    /// When the coordinator does not answer within `patience`.
    pub(crate) fn members(&self, patience: Duration) -> Result<Vec<Member>, Error> {
        let list = self
            .client
            .fetch_group_list(Some(&self.group), patience)
            .map_err(|error| {
                Error::broker(format!(
                    "the members of the group `{}` are not known: {error}",
                    self.group
                ))
            })?;
        let groups = list.groups().iter();
        let members = groups.flat_map(|group| group.members());
        Ok(members
            .map(|member| Member {
                name: format!("{} at {}", member.client_id(), member.client_host()),
                partitions: member.assignment().and_then(held).unwrap_or_default(),
            })
            .collect())
    }

    /// Sets the offsets of the group.
    ///
    /// # Errors
    /// When the broker refuses it: the group has members.
    pub(crate) fn set(&self, commits: &[Commit]) -> Result<(), Error> {
        let set = || -> KafkaResult<()> {
            let mut list = TopicPartitionList::with_capacity(commits.len());
            for commit in commits {
                let offset = Offset::Offset(commit.offset);
                list.add_partition_offset(&commit.topic, commit.partition, offset)?;
            }
            for (mut element, commit) in list.elements().into_iter().zip(commits) {
                element.set_metadata(&commit.metadata);
            }
            self.client.commit(&list, CommitMode::Sync)
        };
        set().map_err(|error| {
            Error::new(
                ErrorKind::Commit,
                format!(
                    "the broker does not take the offsets of the group `{}`: {error}. It refuses them while the group has members: \
                     end them first",
                    self.group
                ),
            )
        })
    }
}

/// The partitions in a member's assignment, in the form that consumers of one group agree on: a version, and topics with
/// their partitions.
fn held(bytes: &[u8]) -> Option<Vec<(String, i32)>> {
    let mut rest = bytes.get(2..)?;
    let mut held = Vec::new();
    for _ in 0..number(&mut rest)? {
        let (len, behind) = rest.split_first_chunk::<2>()?;
        let len = usize::try_from(i16::from_be_bytes(*len)).ok()?;
        let (topic, behind) = behind.split_at_checked(len)?;
        rest = behind;
        let topic = String::from_utf8_lossy(topic).into_owned();
        for _ in 0..number(&mut rest)? {
            held.push((topic.clone(), number(&mut rest)?));
        }
    }
    Some(held)
}

fn number(rest: &mut &[u8]) -> Option<i32> {
    let (bytes, behind) = rest.split_first_chunk::<4>()?;
    *rest = behind;
    Some(i32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_read_and_half_of_one_is_not() {
        let bytes = [
            0, 1, 0, 0, 0, 1, 0, 2, b'o', b'k', 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 7, 0, 0, 0, 0,
        ];
        let expected = vec![("ok".to_owned(), 3), ("ok".to_owned(), 7)];
        assert_eq!(held(&bytes), Some(expected));
        for cut in 0..22 {
            assert_eq!(held(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(held(&[0, 1, 0xff, 0xff, 0xff, 0xff]), Some(Vec::new()));
        assert_eq!(held(&[0, 1, 0x7f, 0xff, 0xff, 0xff]), None);
    }
}
