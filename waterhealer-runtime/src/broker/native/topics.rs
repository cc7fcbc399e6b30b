//! The ids of topics, and whether they are there, which the safe API does not ask for.

use std::ffi::{CStr, CString};
use std::ptr;
use std::time::Duration;

use rdkafka::types::RDKafkaErrorCode;
use rdkafka_sys as sys;

use super::queue::Queue;
use crate::done_set::TopicId;

impl Queue {
    /// The ids of topics, or why there is none, as far as the brokers say them within `wait`. The queue must be used for nothing
    /// else.
    pub(in super::super) fn topic_ids(
        &self,
        handle: *mut sys::rd_kafka_t,
        topics: &[&str],
        wait: Duration,
    ) -> Vec<(String, Result<TopicId, RDKafkaErrorCode>)> {
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
                let error = sys::rd_kafka_TopicDescription_error(topic);
                let code = RDKafkaErrorCode::from(sys::rd_kafka_error_code(error));
                let id = sys::rd_kafka_TopicDescription_topic_id(topic);
                let name = CStr::from_ptr(sys::rd_kafka_TopicDescription_name(topic));
                let high = sys::rd_kafka_Uuid_most_significant_bits(id) as u64;
                let low = sys::rd_kafka_Uuid_least_significant_bits(id) as u64;
                let id = match code {
                    RDKafkaErrorCode::NoError => Ok(TopicId::new(high, low)?),
                    code => Err(code),
                };
                Some((name.to_string_lossy().into_owned(), id))
            });
            let ids = ids.collect();
            sys::rd_kafka_event_destroy(event);
            ids
        }
    }
}
