//! Commits as the flow knows them: the position of a partition, the broker's answer, and what an error means. Sending them
//! is `consumer`'s.

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

/// Each code with its reason; what is not named here may pass.
pub(super) fn classify(code: RDKafkaErrorCode) -> CommitError {
    use RDKafkaErrorCode as Code;
    match code {
        // Somebody has to change something.
        Code::GroupAuthorizationFailed
        | Code::TopicAuthorizationFailed
        | Code::ClusterAuthorizationFailed
        | Code::InvalidGroupId
        | Code::OffsetMetadataTooLarge
        | Code::InvalidCommitOffsetSize
        | Code::UnsupportedVersion
        | Code::InvalidArgument
        // Another process has this member's static id.
        | Code::FencedInstanceId => CommitError::Never(code.to_string()),
        // An illegal generation or an unknown member among them: the client joins anew, and either gives the partitions
        // up as lost or holds them under the new generation.
        _ => CommitError::Later(code.to_string()),
    }
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
            CommitError::Never(_)
        ));
    }
}
