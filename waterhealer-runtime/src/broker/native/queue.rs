//! A queue of our own: partitions are forwarded to it, and messages taken from it in batches.

use std::ffi::CString;
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::time::Duration;

use rdkafka_sys as sys;

use super::Client;
use super::messages::Messages;

/// A queue of our own, to which partitions are forwarded.
pub(in super::super) struct Queue {
    pub(super) queue: NonNull<sys::rd_kafka_queue_t>,
}

// SAFETY: librdkafka's queues may be used from any thread.
unsafe impl Send for Queue {}
// SAFETY: as above; every operation on them takes their lock.
unsafe impl Sync for Queue {}

impl Queue {
    /// A new queue of this client, which must be dropped before the client is closed.
    pub(in super::super) fn new(handle: *mut sys::rd_kafka_t) -> Option<Self> {
        // SAFETY: the caller's handle is a live client.
        NonNull::new(unsafe { sys::rd_kafka_queue_new(handle) }).map(|queue| Queue { queue })
    }

    /// Sends the records of a partition here from now on; false when the client does not know the partition.
    pub(in super::super) fn forward(
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
    pub(in super::super) fn take(
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
        // SAFETY: the client has filled as many as it counts, and they are ours now.
        unsafe { Messages::new(raw, Arc::clone(client)) }
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

impl Drop for Queue {
    fn drop(&mut self) {
        // SAFETY: our own reference, given back once.
        unsafe { sys::rd_kafka_queue_destroy(self.queue.as_ptr()) }
    }
}
