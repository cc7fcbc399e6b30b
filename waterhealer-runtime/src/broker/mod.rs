//! The Kafka client behind the few verbs that the flow needs. The only room that names `rdkafka`; no type of it leaves.

mod assignment;
mod batch;
mod commit;
mod consumer;
mod embedded;
mod end;
mod group;
#[cfg(all(test, feature = "schedules"))]
mod made;
#[expect(
    unsafe_code,
    reason = "batches and the embedded broker's join delay have no safe API in rdkafka; the argument is in the room"
)]
#[cfg_attr(
    all(test, feature = "schedules"),
    expect(
        dead_code,
        reason = "no client's message is read where `made` stands in"
    )
)]
mod native;
mod offsets;
mod pending;
mod producer;
mod progress;
mod reach;
mod shelf;
mod topics;
mod transaction;

pub(crate) use assignment::{Assigned, Figures, Opening};
pub(crate) use batch::{Batch, Taken};
pub(crate) use commit::{Answered, Commit, CommitError};
pub(crate) use consumer::{At, Begin, Consumer, GroupEvents, Trouble};
pub use embedded::Embedded;
pub(crate) use end::Ends;
pub(crate) use group::Group;
#[cfg(all(test, feature = "schedules"))]
pub(crate) use made::{Made, batch};
pub(crate) use offsets::{Committed, Log, Member, Offsets, Places};
pub(crate) use producer::{Producer, Reports, SendError};
pub(crate) use reach::Reach;
pub(crate) use shelf::{Found, Shelf, Span};
pub(crate) use topics::{check_property, check_topics, cluster_id};
pub(crate) use transaction::{Membership, TransactionError};
