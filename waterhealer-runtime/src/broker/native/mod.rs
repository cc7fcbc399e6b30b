//! The one room of this crate with `unsafe` code: batches of messages from a queue of our own, answers to
//! commits (the safe API commits without ever saying how it went), metadata of commits that may be no text, the ids of topics, a
//! member's generation, and the join delay of the embedded broker. What it hands out is safe to use and to drop anywhere.
//!
//! Safety, once for the room:
//! - librdkafka wants its messages destroyed before the client (`rd_kafka_destroy`): `Messages` holds the client alive
//!   through `Arc<dyn Client>`, whose owner destroys it only when the last of them is gone.
//! - `Messages` owns the `rd_kafka_message_t`s that `rd_kafka_consume_batch_queue` gave it, and destroys each once, in
//!   `Drop`. A `Message` borrows from it, and so do all bytes read through it, which therefore end before the message
//!   does. `Messages` may move between threads (librdkafka lets any thread destroy a message); it is not `Sync`, since
//!   reading headers parses them into the message.
//! - A `Queue` owns one reference of an `rd_kafka_queue_t`; librdkafka's queues are locked inside.

mod messages;
mod offsets;
mod queue;
mod topics;

#[cfg(not(all(test, feature = "schedules")))]
pub(super) use messages::Message;
pub(super) use messages::Messages;
pub(super) use offsets::{cached_end, committed};
pub(super) use queue::Queue;

use std::ffi::CStr;
use std::time::Duration;

use rdkafka_sys as sys;

/// Whoever owns a native client, and so keeps it alive.
pub(super) trait Client: Send + Sync {}

fn error(code: sys::rd_kafka_resp_err_t) -> Option<sys::RDKafkaErrorCode> {
    (code != sys::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR).then(|| code.into())
}

/// What a consumer says of its place in the group: the generation, and its own name in it.
pub(super) fn place_in_group(handle: *mut sys::rd_kafka_t) -> Option<(i32, String)> {
    // SAFETY: a live client; the metadata is ours, read before it is destroyed, and its strings live as long as it does.
    unsafe {
        let metadata = sys::rd_kafka_consumer_group_metadata(handle);
        if metadata.is_null() {
            return None;
        }
        let generation = sys::rd_kafka_consumer_group_metadata_generation_id(metadata);
        let member = sys::rd_kafka_consumer_group_metadata_member_id(metadata);
        let member = match member.is_null() {
            true => String::new(),
            false => CStr::from_ptr(member).to_string_lossy().into_owned(),
        };
        sys::rd_kafka_consumer_group_metadata_destroy(metadata);
        Some((generation, member))
    }
}

/// Shortens how long the embedded broker of this client waits for a group's first members; false when it has none.
pub(super) fn shorten_first_join(handle: *mut sys::rd_kafka_t, delay: Duration) -> bool {
    // SAFETY: a live client; the mock cluster belongs to it.
    unsafe {
        let cluster = sys::rd_kafka_handle_mock_cluster(handle);
        if cluster.is_null() {
            return false;
        }
        let millis = i32::try_from(delay.as_millis()).unwrap_or(i32::MAX);
        sys::rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, millis);
    }
    true
}
