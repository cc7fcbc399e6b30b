//! The one file of this crate with `unsafe` code: batches of messages from a queue of our own, answers to
//! commits (the safe API commits without ever saying how it went), metadata of commits that may be no text, the ids of topics, a
//! member's generation, and the join delay of the embedded broker. What it hands out is safe to use and to drop anywhere.
//!
//! Safety, once for the file:
//! - librdkafka wants its messages destroyed before the client (`rd_kafka_destroy`): `Messages` holds the client alive
//!   through `Arc<dyn Client>`, whose owner destroys it only when the last of them is gone.
//! - `Messages` owns the `rd_kafka_message_t`s that `rd_kafka_consume_batch_queue` gave it, and destroys each once, in
//!   `Drop`. A `Message` borrows from it, and so do all bytes read through it, which therefore end before the message
//!   does. `Messages` may move between threads (librdkafka lets any thread destroy a message); it is not `Sync`, since
//!   reading headers parses them into the message.
//! - A `Queue` owns one reference of an `rd_kafka_queue_t`; librdkafka's queues are locked inside.

use std::ffi::{CStr, CString, c_void};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::time::Duration;

use rdkafka::topic_partition_list::TopicPartitionList;
use rdkafka_sys as sys;

use super::commit::Commit;
use crate::done_set::TopicId;
use crate::types::Extras;

/// Whoever owns a native client, and so keeps it alive.
pub(super) trait Client: Send + Sync {}

/// A queue of our own, to which partitions are forwarded.
pub(super) struct Queue {
    queue: NonNull<sys::rd_kafka_queue_t>,
}

// SAFETY: librdkafka's queues may be used from any thread.
unsafe impl Send for Queue {}
// SAFETY: as above; every operation on them takes their lock.
unsafe impl Sync for Queue {}

impl Queue {
    /// A new queue of this client, which must be dropped before the client is closed.
    pub(super) fn new(handle: *mut sys::rd_kafka_t) -> Option<Self> {
        // SAFETY: the caller's handle is a live client.
        NonNull::new(unsafe { sys::rd_kafka_queue_new(handle) }).map(|queue| Queue { queue })
    }

    /// Sends the records of a partition here from now on; false when the client does not know the partition.
    pub(super) fn forward(
        &self,
        handle: *mut sys::rd_kafka_t,
        topic: &str,
        partition: i32,
    ) -> bool {
        let Ok(topic) = CString::new(topic) else {
            return false;
        };
        // SAFETY: a live client and a terminated string; the queue that comes back is ours to destroy.
        unsafe {
            let source = sys::rd_kafka_queue_get_partition(handle, topic.as_ptr(), partition);
            if source.is_null() {
                return false;
            }
            sys::rd_kafka_queue_forward(source, self.queue.as_ptr());
            sys::rd_kafka_queue_destroy(source);
        }
        true
    }

    /// Takes up to `at_most` messages that are there already; waits up to `wait` for the first one.
    pub(super) fn take(
        &self,
        client: &Arc<dyn Client>,
        wait: Duration,
        at_most: usize,
    ) -> Messages {
        let mut raw: Vec<*mut sys::rd_kafka_message_t> = vec![ptr::null_mut(); at_most];
        let mut count = self.fill(&mut raw, Duration::ZERO);
        if count == 0 && !wait.is_zero() {
            // A batch call waits until the whole batch is full, so the wait is for one.
            count = self.fill(raw.get_mut(..1).unwrap_or_default(), wait);
            if count == 1 {
                count += self.fill(raw.get_mut(1..).unwrap_or_default(), Duration::ZERO);
            }
        }
        raw.truncate(count);
        Messages {
            raw,
            next: 0,
            client: Arc::clone(client),
        }
    }

    fn fill(&self, raw: &mut [*mut sys::rd_kafka_message_t], wait: Duration) -> usize {
        let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: the queue is live, and the array has room for as many as we say.
        let count = unsafe {
            sys::rd_kafka_consume_batch_queue(
                self.queue.as_ptr(),
                wait,
                raw.as_mut_ptr(),
                raw.len(),
            )
        };
        usize::try_from(count).unwrap_or(0)
    }
}

impl Queue {
    /// The ids of topics, as far as the brokers say them within `wait`. The queue must be used for nothing else.
    pub(super) fn topic_ids(
        &self,
        handle: *mut sys::rd_kafka_t,
        topics: &[&str],
        wait: Duration,
    ) -> Vec<(String, TopicId)> {
        let names: Vec<CString> = topics.iter().flat_map(|name| CString::new(*name)).collect();
        let mut names: Vec<_> = names.iter().map(|name| name.as_ptr()).collect();
        let millis = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: a live client and terminated strings, which the client copies; what is made here is destroyed here, the
        // event last, since the descriptions and their ids are its own.
        unsafe {
            let api = sys::rd_kafka_admin_op_t::RD_KAFKA_ADMIN_OP_DESCRIBETOPICS;
            let options = sys::rd_kafka_AdminOptions_new(handle, api);
            sys::rd_kafka_AdminOptions_set_request_timeout(options, millis, ptr::null_mut(), 0);
            let of = sys::rd_kafka_TopicCollection_of_topic_names(names.as_mut_ptr(), names.len());
            sys::rd_kafka_DescribeTopics(handle, of, options, self.queue.as_ptr());
            sys::rd_kafka_TopicCollection_destroy(of);
            sys::rd_kafka_AdminOptions_destroy(options);
            let event = sys::rd_kafka_queue_poll(self.queue.as_ptr(), millis);
            if event.is_null() {
                return Vec::new();
            }
            let mut count = 0;
            let result = sys::rd_kafka_event_DescribeTopics_result(event);
            let found = match result.is_null() {
                true => ptr::null_mut(),
                false => sys::rd_kafka_DescribeTopics_result_topics(result, &mut count),
            };
            let ids = (0..count).filter_map(|index| {
                let topic = *found.add(index);
                let id = sys::rd_kafka_TopicDescription_topic_id(topic);
                let name = CStr::from_ptr(sys::rd_kafka_TopicDescription_name(topic));
                let high = sys::rd_kafka_Uuid_most_significant_bits(id) as u64;
                let low = sys::rd_kafka_Uuid_least_significant_bits(id) as u64;
                Some((
                    name.to_string_lossy().into_owned(),
                    TopicId::new(high, low)?,
                ))
            });
            let ids = ids.collect();
            sys::rd_kafka_event_destroy(event);
            ids
        }
    }

    /// Asks the broker to commit; the answer comes to this queue.
    pub(super) fn commit(
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
    pub(super) fn answer(&self, wait: Duration) -> Option<Answer> {
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
pub(super) struct Answer {
    /// To the whole of it.
    pub(super) error: Option<sys::RDKafkaErrorCode>,
    /// Each partition's offset and what stands beside it, and what was wrong with it.
    pub(super) offsets: Vec<(Commit, Option<sys::RDKafkaErrorCode>)>,
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

/// Each partition's committed offset and the bytes beside it, which may be another client's and no text.
pub(super) fn committed(list: &TopicPartitionList) -> Vec<(Commit, Vec<u8>)> {
    // SAFETY: a live list that is borrowed meanwhile; its metadata has the size that it says.
    unsafe {
        let elements = elements(list.ptr()).iter();
        elements
            .map(|element| (commit(element), metadata(element).to_vec()))
            .collect()
    }
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

fn error(code: sys::rd_kafka_resp_err_t) -> Option<sys::RDKafkaErrorCode> {
    (code != sys::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR).then(|| code.into())
}

impl Drop for Queue {
    fn drop(&mut self) {
        // SAFETY: our own reference, given back once.
        unsafe { sys::rd_kafka_queue_destroy(self.queue.as_ptr()) }
    }
}

/// Messages taken at once, walked over from the first to the last.
pub(super) struct Messages {
    raw: Vec<*mut sys::rd_kafka_message_t>,
    /// The next one of the walk.
    next: usize,
    client: Arc<dyn Client>,
}

// SAFETY: the messages are owned, and any thread may read and destroy them, one at a time.
unsafe impl Send for Messages {}

impl Messages {
    /// Messages not walked over yet.
    pub(super) fn len(&self) -> usize {
        self.raw.len() - self.next
    }

    /// The message `ahead` places after the walk's next one.
    pub(super) fn peek(&self, ahead: usize) -> Option<Message<'_>> {
        self.raw.get(self.next + ahead).map(|raw| Message {
            raw: *raw,
            _owner: PhantomData,
        })
    }

    /// The next message of the walk.
    pub(super) fn advance(&mut self) -> Option<Message<'_>> {
        let raw = *self.raw.get(self.next)?;
        self.next += 1;
        Some(Message {
            raw,
            _owner: PhantomData,
        })
    }
}

impl Drop for Messages {
    /// All at once: destroyed one by one between two records, they made this thread and the client's fetching one wait
    /// for each other at the allocator's lock, which cost a sixth of the throughput.
    fn drop(&mut self) {
        for raw in &self.raw {
            // SAFETY: owned and not destroyed before, since nothing else destroys; and nobody borrows from `self`.
            unsafe { sys::rd_kafka_message_destroy(*raw) }
        }
        // The client may go after the messages, and only then.
        let _alive_until_here = &self.client;
    }
}

/// One message, borrowed from the batch that owns it.
pub(super) struct Message<'a> {
    raw: *const sys::rd_kafka_message_t,
    _owner: PhantomData<&'a sys::rd_kafka_message_t>,
}

impl<'a> Message<'a> {
    fn fields(&self) -> &'a sys::rd_kafka_message_t {
        // SAFETY: `raw` came from the client, is not null (the client fills the array it counts), and the batch that
        // owns it is borrowed for 'a.
        unsafe { &*self.raw }
    }

    /// Tells topics apart as long as the assignment lasts; cheaper than the name.
    pub(super) fn topic_id(&self) -> usize {
        self.fields().rkt as usize
    }

    pub(super) fn topic(&self) -> String {
        let topic = self.fields().rkt;
        if topic.is_null() {
            return String::new();
        }
        // SAFETY: a message keeps its topic alive, and a topic's name is a terminated string.
        let name = unsafe { CStr::from_ptr(sys::rd_kafka_topic_name(topic)) };
        name.to_string_lossy().into_owned()
    }

    pub(super) fn partition(&self) -> i32 {
        self.fields().partition
    }

    pub(super) fn offset(&self) -> i64 {
        self.fields().offset
    }

    /// Bytes of value and key.
    pub(super) fn size(&self) -> usize {
        let fields = self.fields();
        fields.len + fields.key_len
    }

    pub(super) fn key(&self) -> Option<&'a [u8]> {
        let fields = self.fields();
        self.bytes(fields.key, fields.key_len)
    }

    pub(super) fn value(&self) -> Option<&'a [u8]> {
        let fields = self.fields();
        self.bytes(fields.payload, fields.len)
    }

    /// What the client says in place of a record.
    pub(super) fn error(&self) -> Option<sys::RDKafkaErrorCode> {
        error(self.fields().err)
    }

    fn bytes(&self, start: *const c_void, len: usize) -> Option<&'a [u8]> {
        if start.is_null() {
            return None;
        }
        // SAFETY: the client gives `len` bytes at `start`, which live as long as the message.
        Some(unsafe { std::slice::from_raw_parts(start.cast(), len) })
    }
}

impl Extras for Message<'_> {
    fn timestamp(&self) -> Option<i64> {
        let mut kind = sys::rd_kafka_timestamp_type_t::RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
        // SAFETY: a live message.
        let millis = unsafe { sys::rd_kafka_message_timestamp(self.raw, &mut kind) };
        (kind != sys::rd_kafka_timestamp_type_t::RD_KAFKA_TIMESTAMP_NOT_AVAILABLE).then_some(millis)
    }

    fn header(&self, index: usize) -> Option<(&str, Option<&[u8]>)> {
        let mut headers = ptr::null_mut();
        let mut name = ptr::null();
        let mut value = ptr::null();
        let mut len = 0;
        // SAFETY: a live message, which owns its parsed headers; name and value point into them.
        unsafe {
            if sys::rd_kafka_message_headers(self.raw, &mut headers)
                != sys::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR
                || sys::rd_kafka_header_get_all(headers, index, &mut name, &mut value, &mut len)
                    != sys::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR
            {
                return None;
            }
            let name = CStr::from_ptr(name).to_str().unwrap_or("\u{fffd}");
            Some((name, self.bytes(value, len)))
        }
    }
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
