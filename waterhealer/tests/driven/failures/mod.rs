//! Kept failures of every kind of stage: what is known of the call, and that it can be made again from that.

mod given;
mod kinds;
mod leaving;

use std::sync::{Arc, Mutex};

use serde_json::Value;
use waterhealer::testing::{Drive, drive};
use waterhealer::{BoxError, FailedCall, Graph, Pipeline};

/// The failures that were kept, in order.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Vec<Value>>>);

impl Kept {
    /// A driven pipeline whose failures are kept here.
    pub(crate) fn drive<G: Graph>(&self, pipeline: Pipeline<G>) -> Drive<G> {
        let kept = self.clone();
        drive(
            pipeline.persist(move |call: &FailedCall| -> Result<(), BoxError> {
                kept.0.lock().unwrap().push(call.json().clone());
                Ok(())
            }),
        )
    }

    pub(crate) fn all(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }

    /// The only one.
    pub(crate) fn only(&self) -> Value {
        let mut all = self.all();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }
}
