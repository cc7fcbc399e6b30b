//! Messages as the client gives them, owned in batches and read one by one.

use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;

use rdkafka_sys as sys;

use super::{Client, error};
use crate::types::Extras;

/// Messages taken at once, walked over from the first to the last.
pub(in super::super) struct Messages {
    raw: Vec<*mut sys::rd_kafka_message_t>,
    /// The next one of the walk.
    next: usize,
    client: Arc<dyn Client>,
}

// SAFETY: the messages are owned, and any thread may read and destroy them, one at a time.
unsafe impl Send for Messages {}

impl Messages {
    /// # Safety
    /// Each of `raw` is a live message of this client, and nobody else destroys it.
    pub(super) unsafe fn new(
        raw: Vec<*mut sys::rd_kafka_message_t>,
        client: Arc<dyn Client>,
    ) -> Self {
        Messages {
            raw,
            next: 0,
            client,
        }
    }

    /// Messages not walked over yet.
    pub(in super::super) fn len(&self) -> usize {
        self.raw.len() - self.next
    }

    /// The message `ahead` places after the walk's next one.
    pub(in super::super) fn peek(&self, ahead: usize) -> Option<Message<'_>> {
        self.raw.get(self.next + ahead).map(|raw| Message {
            raw: *raw,
            _owner: PhantomData,
        })
    }

    /// The next message of the walk.
    pub(in super::super) fn advance(&mut self) -> Option<Message<'_>> {
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
pub(in super::super) struct Message<'a> {
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
    pub(in super::super) fn topic_id(&self) -> usize {
        self.fields().rkt as usize
    }

    pub(in super::super) fn topic(&self) -> String {
        let topic = self.fields().rkt;
        if topic.is_null() {
            return String::new();
        }
        // SAFETY: a message keeps its topic alive, and a topic's name is a terminated string.
        let name = unsafe { CStr::from_ptr(sys::rd_kafka_topic_name(topic)) };
        name.to_string_lossy().into_owned()
    }

    pub(in super::super) fn partition(&self) -> i32 {
        self.fields().partition
    }

    pub(in super::super) fn offset(&self) -> i64 {
        self.fields().offset
    }

    /// Bytes of value and key.
    pub(in super::super) fn size(&self) -> usize {
        let fields = self.fields();
        fields.len + fields.key_len
    }

    pub(in super::super) fn key(&self) -> Option<&'a [u8]> {
        let fields = self.fields();
        self.bytes(fields.key, fields.key_len)
    }

    pub(in super::super) fn value(&self) -> Option<&'a [u8]> {
        let fields = self.fields();
        self.bytes(fields.payload, fields.len)
    }

    /// What the client says in place of a record.
    pub(in super::super) fn error(&self) -> Option<sys::RDKafkaErrorCode> {
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
