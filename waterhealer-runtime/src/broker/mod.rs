//! The Kafka client behind the few verbs that the flow needs. The only room that names `rdkafka`; no type of it leaves.

mod assignment;
mod batch;
mod commit;
mod consumer;
mod embedded;
mod end;
#[expect(
    unsafe_code,
    reason = "batches and the embedded broker's join delay have no safe API in rdkafka; the argument is in the file"
)]
mod native;
mod producer;
mod topics;
mod transaction;

pub(crate) use assignment::{Assigned, Figures};
pub(crate) use batch::{Batch, Taken};
pub(crate) use commit::{Answered, Commit, CommitError};
pub(crate) use consumer::{Consumer, Group, GroupEvents, Trouble};
pub use embedded::Embedded;
pub(crate) use end::Ends;
pub(crate) use producer::{Producer, Reports, SendError};
pub(crate) use topics::{check_property, check_topics};
pub(crate) use transaction::{Membership, TransactionError};
