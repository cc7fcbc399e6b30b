//! Commits as the flow knows them: the position of a partition, the broker's answer, and what an error means. Sending them
//! is `consumer`'s.

use std::borrow::Cow;
use std::sync::Arc;

use rdkafka::types::RDKafkaErrorCode;

/// One partition's position to be committed: the next offset to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) topic: Arc<str>,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    /// What stands beside it: the done-set.
    pub(crate) metadata: String,
}

/// Why a commit did not count, by what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommitError {
    /// Not now: the group is rebalancing, has a new generation, or its coordinator is out of reach. This commit is
    /// dropped, not sent again: the next heal commits what this member then still holds.
    #[error("{0}")]
    Later(String),
    /// It will never succeed.
    #[error("{0}")]
    Never(String),
}

/// The broker's answer to one commit: what it confirmed, and what it said.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) confirmed: Vec<Commit>,
    pub(crate) outcome: Result<(), CommitError>,
}

impl Answered {
    /// What an answer comes to: the code for the whole of it, and each partition with its own. Of several refusals the
    /// one that waiting does not help counts.
    pub(super) fn read(whole: Option<RDKafkaErrorCode>, parts: Vec<Part>) -> Self {
        let refused = parts.iter().any(|part| part.1.is_some());
        // Where one partition was refused the client says so of the whole, too; the others were taken all the same. A
        // code for the whole alone means that no partition was.
        let counts = whole.is_none() || refused;
        let mut worst = whole.filter(|_| !refused).map(classify);
        let mut confirmed = Vec::with_capacity(parts.len());
        for (commit, code) in parts {
            match code {
                None if counts => confirmed.push(commit),
                None => {}
                Some(code) => {
                    let place = format!("{}[{}]", commit.topic, commit.partition);
                    let error = match classify(code) {
                        CommitError::Later(why) => CommitError::Later(format!("{place}: {why}")),
                        CommitError::Never(why) => CommitError::Never(format!("{place}: {why}")),
                    };
                    if !matches!(worst, Some(CommitError::Never(_))) {
                        worst = Some(error);
                    }
                }
            }
        }
        Answered {
            confirmed,
            outcome: worst.map_or(Ok(()), Err),
        }
    }
}

/// What the broker said about one partition of a commit.
pub(super) type Part = (Commit, Option<RDKafkaErrorCode>);

/// What a code means for a commit. What needs nobody to change anything may pass, an illegal generation and an unknown
/// member among it: the client joins anew, and either gives the partitions up as lost or holds them under the new
/// generation.
pub(super) fn classify(code: RDKafkaErrorCode) -> CommitError {
    match remedy(code) {
        Some(_) => CommitError::Never(explained(code, None)),
        None => CommitError::Later(code.to_string()),
    }
}

/// A code in the client's words, if there are any, and what is to be done about it.
pub(super) fn explained(code: RDKafkaErrorCode, words: Option<Cow<'_, str>>) -> String {
    let words = words.unwrap_or_else(|| code.to_string().into());
    match remedy(code) {
        Some(remedy) => format!("{words}. {remedy}"),
        None => words.into_owned(),
    }
}

/// What somebody has to change first; nothing where time may help.
fn remedy(code: RDKafkaErrorCode) -> Option<&'static str> {
    use RDKafkaErrorCode as Code;
    Some(match code {
        Code::GroupAuthorizationFailed => "Allow this client to READ the group",
        Code::TopicAuthorizationFailed => "Allow this client to READ the topics of its sources",
        Code::ClusterAuthorizationFailed => "Allow this client what it asks of the cluster",
        Code::InvalidGroupId => "Give the group another name",
        Code::OffsetMetadataTooLarge => {
            "The broker takes less beside an offset than we send: raise its `offset.metadata.max.bytes`"
        }
        Code::InvalidCommitOffsetSize => {
            "The commit is larger than the broker takes: raise its `message.max.bytes`, or read fewer partitions in one member"
        }
        Code::MessageSizeTooLarge => {
            "Raise `fetch.message.max.bytes`, `fetch.max.bytes` and `receive.message.max.bytes` above the largest record"
        }
        Code::UnsupportedVersion => {
            "The broker is too old for this client, or for `group.protocol`"
        }
        Code::InvalidArgument => {
            "The client refuses what we ask of it: this is a defect, please report it"
        }
        Code::FencedInstanceId => {
            "Another process has joined the group with the same `group.instance.id`: give each process its own"
        }
        Code::UnreleasedInstanceId => {
            "Another process is in the group with the same `group.instance.id`: give each process its own, or wait until \
             the session of one that was killed is over"
        }
        Code::UnsupportedAssignor => {
            "Name an assignor that the brokers have as `group.remote.assignor`"
        }
        Code::Fatal => "The client has given up before, and has said why",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_for_ever_and_a_new_generation_is_not() {
        assert!(matches!(
            classify(RDKafkaErrorCode::IllegalGeneration),
            CommitError::Later(_)
        ));
        assert!(matches!(
            classify(RDKafkaErrorCode::RebalanceInProgress),
            CommitError::Later(_)
        ));
        assert!(matches!(
            classify(RDKafkaErrorCode::GroupAuthorizationFailed),
            CommitError::Never(why) if why.ends_with("Allow this client to READ the group")
        ));
    }

    fn part(partition: i32, code: Option<RDKafkaErrorCode>) -> Part {
        let commit = Commit {
            topic: Arc::from("orders"),
            partition,
            offset: 7,
            metadata: String::new(),
        };
        (commit, code)
    }

    fn confirmed(answer: &Answered) -> Vec<i32> {
        answer.confirmed.iter().map(|one| one.partition).collect()
    }

    #[test]
    fn a_refused_partition_takes_no_other_with_it() {
        let gone = RDKafkaErrorCode::UnknownTopicOrPartition;
        let answer = Answered::read(Some(gone), vec![part(0, None), part(1, Some(gone))]);
        assert_eq!(confirmed(&answer), [0]);
        assert!(
            matches!(&answer.outcome, Err(CommitError::Later(why)) if why.starts_with("orders[1]: Unknown")),
            "{answer:?}"
        );
    }

    #[test]
    fn a_commit_that_failed_as_a_whole_confirms_nothing() {
        let away = RDKafkaErrorCode::WaitingForCoordinator;
        let answer = Answered::read(Some(away), vec![part(0, None), part(1, None)]);
        assert_eq!(confirmed(&answer), [0; 0]);
        assert!(matches!(answer.outcome, Err(CommitError::Later(_))));
    }

    #[test]
    fn of_two_refusals_the_final_one_counts_wherever_it_stands() {
        let later = Some(RDKafkaErrorCode::UnknownTopicOrPartition);
        let never = Some(RDKafkaErrorCode::TopicAuthorizationFailed);
        for codes in [[later, never], [never, later]] {
            let parts = vec![part(0, codes[0]), part(1, codes[1])];
            let answer = Answered::read(codes[1], parts);
            assert!(
                matches!(answer.outcome, Err(CommitError::Never(_))),
                "{answer:?}"
            );
        }
    }
}
