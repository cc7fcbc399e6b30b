//! The start of what writes to Kafka: the producer that all lanes share, and the first transaction of a pipeline that delivers
//! exactly once.

use std::sync::Arc;
use std::time::Instant;

use crate::broker::{Producer, Reports};
use crate::config::Settings;
use crate::error::Error;
use crate::flow::{Control, Exact, LaneProducer, Lanes};
use crate::graph::Spec;

/// The producer, where something is written to Kafka. It answers to the lane that has sent, but for messages in a
/// transaction, for which nobody waits one by one.
pub(super) fn start_producer<C: Send + 'static>(
    spec: &Spec,
    settings: &Settings,
    lanes: &Lanes<C>,
) -> Result<Option<Arc<Producer>>, Error> {
    if !spec.produces() {
        return Ok(None);
    }
    let reports = match settings.transaction_timeout {
        Some(_) => Reports::Together,
        None => {
            let lanes = lanes.clone();
            Reports::Each(Box::new(move |name, outcome| {
                let (lane, call) = LaneProducer::lane_and_call(name);
                lanes.mailbox(lane).answered(call, outcome);
            }))
        }
    };
    let producer = Producer::start(&settings.producer, reports)?;
    Ok(Some(Arc::new(producer)))
}

/// The first transaction, of a pipeline that delivers exactly once.
pub(super) fn begin_transactions<C>(
    spec: &Spec,
    settings: &Settings,
    lanes: &Lanes<C>,
    control: &Arc<Control>,
    producer: Option<&Arc<Producer>>,
) -> Result<Option<Exact<C>>, Error> {
    let Some((timeout, producer)) = settings.transaction_timeout.zip(producer) else {
        return Ok(None);
    };
    // What a process before this one has left open under its name is ended first.
    let until = Instant::now() + settings.connect_timeout.max(timeout);
    let begun = producer.prepare(until).and_then(|()| {
        let (producer, control) = (Arc::clone(producer), Arc::clone(control));
        Exact::begin(producer, lanes.clone(), control, spec.remembers(), timeout)
    });
    begun.map(Some).map_err(|error| {
        Error::broker(format!(
            "the brokers do not let this process write in transactions: {error}. They need a transaction coordinator, and this \
             process the right to its `transactional.id`"
        ))
    })
}
