//! What the routes see of a pipeline: its graph, its settings, and what it publishes while it runs.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{Settings, Shown};
use crate::flow::{Control, Phase};
use crate::graph::Spec;

/// Between two looks whether the lanes have answered.
const STEP: Duration = Duration::from_millis(5);

/// Steps to wait for the lanes. One that is busy answers between two records, at most every 100 ms; one that is stuck does not.
const STEPS: usize = 60;

/// A pipeline as the routes see it.
pub(crate) struct View {
    pub(super) spec: &'static Spec,
    pub(super) control: Arc<Control>,
    pub(super) group: String,
    pub(super) settings: Vec<Shown>,
}

impl View {
    pub(crate) fn new(spec: &'static Spec, control: Arc<Control>, settings: &Settings) -> Self {
        View {
            spec,
            control,
            group: settings.group.clone(),
            settings: settings.listed.clone(),
        }
    }

    /// Asks the lanes what blocks and how full they are, and waits a moment for their answers; what they said before stays
    /// where they do not answer.
    pub(super) async fn ask(&self) {
        if self.control.phase() == Phase::Stopped {
            return;
        }
        let question = self.control.inside.ask();
        for _ in 0..STEPS {
            if self.control.inside.is_answered(question) {
                return;
            }
            tokio::time::sleep(STEP).await;
        }
    }

    /// A node's name.
    pub(super) fn name(&self, node: usize) -> &'static str {
        self.spec.nodes.get(node).map_or("?", |node| node.name)
    }
}
