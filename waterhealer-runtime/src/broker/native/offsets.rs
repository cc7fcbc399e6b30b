//! Offsets with what stands beside them: commits whose answers come to a queue (the safe API commits without ever saying how it
//! went), and committed metadata that may be no text.

use std::ffi::{CStr, CString};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::topic_partition_list::TopicPartitionList;
use rdkafka_sys as sys;

use super::super::commit::Commit;
use super::error;
use super::queue::Queue;

impl Queue {
    /// Asks the broker to commit; the answer comes to this queue.
    pub(in super::super) fn commit(
        &self,
        handle: *mut sys::rd_kafka_t,
        offsets: &TopicPartitionList,
    ) -> Result<(), sys::RDKafkaErrorCode> {
        // SAFETY: a live client and a live list, which the client copies; without a callback there is no opaque.
        let code = unsafe {
            sys::rd_kafka_commit_queue(
                handle,
                offsets.ptr(),
                self.queue.as_ptr(),
                None,
                ptr::null_mut(),
            )
        };
        error(code).map_or(Ok(()), Err)
    }

    /// The next answer to a commit; waits up to `wait` for it.
    pub(in super::super) fn answer(&self, wait: Duration) -> Option<Answer> {
        let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: a live queue; the event is ours and destroyed below, after everything in it is copied.
        unsafe {
            let event = sys::rd_kafka_queue_poll(self.queue.as_ptr(), wait);
            if event.is_null() {
                return None;
            }
            let answer = (sys::rd_kafka_event_type(event) == sys::RD_KAFKA_EVENT_OFFSET_COMMIT)
                .then(|| Answer::read(event));
            sys::rd_kafka_event_destroy(event);
            answer
        }
    }
}

/// What the broker said to a commit.
pub(in super::super) struct Answer {
    /// To the whole of it.
    pub(in super::super) error: Option<sys::RDKafkaErrorCode>,
    /// Each partition's offset and what stands beside it, and what was wrong with it.
    pub(in super::super) offsets: Vec<(Commit, Option<sys::RDKafkaErrorCode>)>,
}

impl Answer {
    /// # Safety
    /// `event` is a live event of the type `RD_KAFKA_EVENT_OFFSET_COMMIT`.
    unsafe fn read(event: *mut sys::rd_kafka_event_t) -> Self {
        // SAFETY: as above; the list, if there is one, belongs to the event and is not changed by anybody.
        unsafe {
            let list = sys::rd_kafka_event_topic_partition_list(event);
            Answer {
                error: error(sys::rd_kafka_event_error(event)),
                offsets: elements(list)
                    .iter()
                    .map(|element| (commit(element), error(element.err)))
                    .collect(),
            }
        }
    }
}

/// Each partition's committed offset and the bytes beside it, which may be another client's and no text; or why the
/// coordinator does not say it.
pub(in super::super) fn committed(
    list: &TopicPartitionList,
) -> Vec<Result<(Commit, Vec<u8>), sys::RDKafkaErrorCode>> {
    // SAFETY: a live list that is borrowed meanwhile; its metadata has the size that it says.
    unsafe {
        let elements = elements(list.ptr()).iter();
        elements
            .map(|element| match error(element.err) {
                Some(code) => Err(code),
                None => Ok((commit(element), metadata(element).to_vec())),
            })
            .collect()
    }
}

/// The end of a partition's log as the client heard it with its last fetch; it asks nobody. `None` if it has not heard it.
pub(in super::super) fn cached_end(
    handle: *mut sys::rd_kafka_t,
    topic: &str,
    partition: i32,
) -> Option<i64> {
    let topic = CString::new(topic).ok()?;
    let (mut low, mut high) = (-1, -1);
    // SAFETY: a live client and a terminated string, which the client copies; it writes to the two numbers before it returns.
    let code = unsafe {
        sys::rd_kafka_get_watermark_offsets(
            handle,
            topic.as_ptr(),
            partition,
            &raw mut low,
            &raw mut high,
        )
    };
    (error(code).is_none() && high >= 0).then_some(high)
}

/// # Safety
/// `list` is null or a live list that outlives 'a and is not changed meanwhile.
unsafe fn elements<'a>(
    list: *const sys::rd_kafka_topic_partition_list_t,
) -> &'a [sys::rd_kafka_topic_partition_t] {
    // SAFETY: as above; a list has as many elements as it counts.
    unsafe {
        if list.is_null() || (*list).elems.is_null() {
            return &[];
        }
        let count = usize::try_from((*list).cnt).unwrap_or(0);
        std::slice::from_raw_parts((*list).elems, count)
    }
}

/// # Safety
/// The element is of a live list.
unsafe fn commit(element: &sys::rd_kafka_topic_partition_t) -> Commit {
    // SAFETY: as above; a topic's name is a terminated string.
    unsafe {
        let topic = CStr::from_ptr(element.topic).to_string_lossy();
        Commit {
            topic: Arc::from(topic),
            partition: element.partition,
            offset: element.offset,
            metadata: String::from_utf8_lossy(metadata(element)).into_owned(),
        }
    }
}

/// # Safety
/// The element is of a live list.
unsafe fn metadata(element: &sys::rd_kafka_topic_partition_t) -> &[u8] {
    if element.metadata.is_null() {
        return &[];
    }
    // SAFETY: as above; the metadata has the size that the element says.
    unsafe { std::slice::from_raw_parts(element.metadata.cast(), element.metadata_size) }
}
