//! A span on its way: entered and left, failed, ended.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::SystemTime;

use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{Status, TraceContextExt as _};
use opentelemetry::{Context, ContextGuard, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;

use super::names;

/// A span. It ends when it is told, or with its last clone.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(super) context: Context,
}

thread_local! {
    /// What a lane's thread is inside of, between two calls of its own: a guard cannot travel with the lane.
    static INSIDE: RefCell<Option<ContextGuard>> = const { RefCell::new(None) };
}

impl Span {
    /// What this thread does from now on is inside of it, until it is detached.
    pub(crate) fn attach(&self) {
        self.detach();
        let guard = self.context.clone().attach();
        INSIDE.set(Some(guard));
    }

    /// What this thread does from now on is not inside of it.
    pub(crate) fn detach(&self) {
        drop(INSIDE.take());
    }

    pub(super) fn within<R>(&self, work: impl FnOnce() -> R) -> R {
        let _inside = self.context.clone().attach();
        work()
    }

    /// It has failed.
    pub(crate) fn fail(&self, class: &str, message: &str) {
        let span = self.context.span();
        if !span.is_recording() {
            return;
        }
        let message = message.to_owned();
        span.add_event(
            names::EXCEPTION,
            vec![
                KeyValue::new(names::EXCEPTION_TYPE, class.to_owned()),
                KeyValue::new(names::EXCEPTION_MESSAGE, message.clone()),
            ],
        );
        span.set_attribute(KeyValue::new(names::ERROR_TYPE, class.to_owned()));
        span.set_status(Status::error(message));
    }

    /// It ends, and what it stands for does not: the record is read again.
    pub(crate) fn give_up(&self) {
        let span = self.context.span();
        span.set_attribute(KeyValue::new(names::UNFINISHED, true));
        span.end();
    }

    /// It has ended then.
    pub(crate) fn end_at(&self, time: SystemTime) {
        self.context.span().end_with_timestamp(time);
    }

    /// The headers by which who reads a message knows that it was written in this span; empty where there is none.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let mut headers = HashMap::new();
        TraceContextPropagator::new().inject_context(&self.context, &mut headers);
        let mut headers: Vec<_> = headers.into_iter().collect();
        headers.retain(|(_, value)| !value.is_empty());
        headers.sort();
        headers
    }
}
