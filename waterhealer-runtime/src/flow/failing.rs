//! The lane tells of calls that fail: what it knows of them is put together here. Where it goes is `failures`' business.

use std::sync::Arc;

use super::lane::Lane;
use crate::error::Failure;
use crate::failures::{Fate, Place, Report};
use crate::graph::{Keeps, NodeKind};
use crate::guard::note_panics;
use crate::ledger::Ticket;
use crate::observe::{Sheet, written};
use crate::types::{Arguments, EmitId, Position};

/// So many of a batch's records are told of.
const RECORDS: usize = 100;

/// What is told of calls that fail.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Failing {
    /// What the source text says, which the graph as data does not.
    pub(crate) written: Written,
    /// Whether what calls are given, and the records, are kept for it.
    pub(crate) keeps: bool,
    /// Whether calls that are made again are told of, too.
    pub(crate) attempts: bool,
}

/// What is written in the source text, for whoever looks at a failure.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// The Rust path of the pipeline's module, and of the hidden one in it.
    pub module: &'static str,
    /// By node: the names of what its function is given besides its value.
    pub resources: &'static [&'static [&'static str]],
}

impl Written {
    /// Nothing is known.
    pub const NOTHING: Written = Written {
        module: "",
        resources: &[],
    };

    /// The path of the user's own module.
    pub(crate) fn module(&self) -> &'static str {
        let hidden = self.module.strip_suffix("::__waterhealer");
        hidden.unwrap_or(self.module)
    }
}

impl Default for Written {
    fn default() -> Self {
        Written::NOTHING
    }
}

impl<C> Lane<C> {
    /// Telling this of calls that fail.
    #[must_use]
    pub(crate) fn failing(self, failing: Failing) -> Self {
        let mut keeps = self.keeps;
        if failing.keeps {
            keeps = keeps.max(Keeps::Record);
            note_panics();
        }
        Lane {
            keeps,
            failing,
            ..self
        }
    }

    /// Whether what calls are given is kept, in case that they fail.
    #[inline]
    pub fn keeps_given(&self) -> bool {
        self.failing.keeps
    }

    /// A failure, with the value that the call has left behind.
    #[cold]
    pub fn given<T>(&self, failure: Failure, value: &T, show: fn(&T, &mut Sheet)) -> Failure {
        match self.failing.keeps {
            true => failure.given(Some(written(value, show))),
            false => failure,
        }
    }

    /// Tells of a call that has failed, and what becomes of its record.
    #[cold]
    pub(super) fn tell_failure(&self, node: usize, ticket: &Ticket, failure: &Failure, fate: Fate) {
        if fate == Fate::Retry && !self.failing.attempts {
            return;
        }
        let mut report = Report::new(self.place_of(node), failure, fate);
        let kept = self.checkpoints_of(ticket);
        report.checkpoints = (!kept.is_empty()).then(|| serde_json::json!(kept));
        let lead = self.ledger.lead(ticket).unwrap_or(ticket);
        report.meta = lead.meta().map(Arc::clone);
        report
            .records
            .push((self.position(lead), self.named(lead).emit_id()));
        if ticket.is_joined() {
            self.add_records(ticket, &mut report);
        }
        self.control.failures.put(report);
    }

    /// Tells of a stage beside the records that has failed.
    #[cold]
    pub(super) fn tell_failure_apart(
        &self,
        node: usize,
        offsets: &[Position],
        failure: Failure,
        fate: Fate,
    ) -> Failure {
        let text = offsets.iter().map(Position::to_string);
        let text: Vec<String> = text.collect();
        let failure = failure.given(Some(Arc::new(Arguments {
            form: "debug",
            text: format!("[{}]", text.join(", ")),
            cut: false,
        })));
        let report = Report::new(self.place_of(node), &failure, fate);
        self.control.failures.put(report);
        failure
    }

    /// The records of a batch, but for the first, which is there.
    fn add_records(&self, ticket: &Ticket, report: &mut Report) {
        let mut first = true;
        self.ledger.each_record(ticket, &mut |slot, offset| {
            let assigned = self.partitions.get(slot.0 as usize);
            let Some(Some(assigned)) = assigned else {
                return;
            };
            if !std::mem::take(&mut first) && report.records.len() < RECORDS {
                let id = EmitId::of(assigned.stream, assigned.partition, offset);
                let position = Position {
                    topic: Arc::clone(&assigned.topic),
                    partition: assigned.partition,
                    offset,
                };
                report.records.push((position, id));
            }
        });
    }

    fn place_of(&self, node: usize) -> Place {
        let found = self.spec.nodes.get(node);
        let resources = self.failing.written.resources.get(node);
        Place {
            pipeline: self.spec.name,
            group: self.group.clone(),
            module: self.failing.written.module(),
            stage: self.name(node),
            resources: resources.copied().unwrap_or_default(),
            source: found.is_some_and(|node| node.kind == NodeKind::Source),
        }
    }
}
