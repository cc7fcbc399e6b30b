//! The Kafka client behind the few verbs that the flow needs. The only room that names `rdkafka`; no type of it leaves.

mod assignment;
mod batch;
mod commit;
mod consumer;
mod embedded;
mod end;
mod group;
#[expect(
    unsafe_code,
    reason = "batches and the embedded broker's join delay have no safe API in rdkafka; the argument is in the file"
)]
mod native;
mod offsets;
mod producer;
mod topics;

pub(crate) use assignment::{Assigned, Figures};
pub(crate) use batch::{Batch, Taken};
pub(crate) use commit::{Answered, Commit, CommitError};
pub(crate) use consumer::{At, Begin, Consumer, GroupEvents, Trouble};
pub use embedded::Embedded;
pub(crate) use end::Ends;
pub(crate) use group::Group;
pub(crate) use offsets::{Committed, Log, Member, Offsets, Places};
pub(crate) use producer::{Producer, SendError};
pub(crate) use topics::{check_property, check_topics};
