//! The lane looks at the values that its stages hand on: checkpoints keep the last ones, sizes are measured. Both are asked for;
//! where neither is, nothing is written down and nothing kept. What is kept of a value, and how, is in `observe`.

use super::lane::Lane;
use crate::graph::Spec;
use crate::ledger::Ticket;
use crate::observe::{Checkpoint, Sampler, Sheet, Values};
use crate::types::Record;

/// What a lane keeps and measures of values.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// The last values by node; empty if no node has a checkpoint.
    values: Vec<Option<Values>>,
    sizing: Option<Sizing>,
    /// Whether there is either.
    any: bool,
}

/// What sizes are measured with.
#[derive(Debug)]
struct Sizing {
    sheet: Sheet,
    /// By node: which of the values it hands on are measured.
    given: Vec<Sampler>,
    /// By source: which of its records are measured.
    read: Vec<Sampler>,
    /// By node: who takes what it hands on.
    takers: Vec<Vec<usize>>,
}

impl Looks {
    /// Whether values are to be looked at.
    #[inline]
    pub(super) fn at_any(&self) -> bool {
        self.any
    }

    /// The last values by node.
    pub(super) fn values(&self) -> &[Option<Values>] {
        &self.values
    }

    /// Keeps so many values of each node with a checkpoint; of none, if that is 0.
    pub(super) fn keep(&mut self, spec: &Spec, history: usize) {
        let asked = history > 0 && spec.nodes.iter().any(|node| node.checkpoint);
        let nodes = spec.nodes.iter().filter(|_| asked);
        self.values = nodes
            .map(|node| node.checkpoint.then(|| Values::new(history)))
            .collect();
        self.any = asked || self.sizing.is_some();
    }

    /// Measures sizes, or not.
    pub(super) fn measure(&mut self, spec: &Spec, measures: bool) {
        self.sizing = measures.then(|| Sizing::new(spec));
        self.any = measures || !self.values.is_empty();
    }
}

impl Sizing {
    fn new(spec: &Spec) -> Self {
        let nodes = spec.nodes.len();
        Sizing {
            sheet: Sheet::counting(),
            given: vec![Sampler::default(); nodes],
            read: vec![Sampler::default(); nodes],
            takers: (0..nodes).map(|node| takers(spec, node)).collect(),
        }
    }
}

/// Who takes what a node hands on; an operator that it only passes by has taken it and handed it on.
fn takers(spec: &Spec, node: usize) -> Vec<usize> {
    let edges = spec.edges.iter().filter(|edge| edge.from == node);
    let mut found = Vec::new();
    for edge in edges {
        found.push(edge.to);
        if spec
            .nodes
            .get(edge.to)
            .is_some_and(|next| next.is_passed_by())
        {
            found.extend(takers(spec, edge.to));
        }
    }
    found
}

impl<C> Lane<C> {
    /// Keeping so many values of each node with a checkpoint; none, if that is 0.
    #[must_use]
    pub(crate) fn keeping(mut self, history: usize) -> Self {
        self.watched.looks.keep(self.spec, history);
        self
    }

    /// Measuring how large values are, or not.
    #[must_use]
    pub(crate) fn measuring(mut self, measures: bool) -> Self {
        self.watched.looks.measure(self.spec, measures);
        self
    }

    /// A sink with a checkpoint is given a value; `show` writes it down.
    #[inline]
    pub fn takes(&mut self, node: usize, ticket: &Ticket, show: impl Fn(&mut Sheet)) {
        if self.watched.looks.at_any() {
            self.keep_value(node, ticket, show);
        }
    }

    /// Looks at a value that is handed on.
    pub(super) fn look(&mut self, node: usize, ticket: &Ticket, show: impl Fn(&mut Sheet)) {
        if let Some(sizing) = &mut self.watched.looks.sizing
            && let Some(values) = sizing.given.get_mut(node).and_then(Sampler::step)
        {
            sizing.sheet.write(&show);
            if let Some(bytes) = sizing.sheet.length() {
                self.note_given_bytes(node, bytes, values);
            }
        }
        self.keep_value(node, ticket, show);
    }

    #[inline]
    fn keep_value(&mut self, node: usize, ticket: &Ticket, show: impl Fn(&mut Sheet)) {
        if !matches!(self.watched.looks.values.get(node), Some(Some(_))) {
            return;
        }
        let record = self.recognise(ticket);
        if let Some(Some(values)) = self.watched.looks.values.get_mut(node) {
            values.next(record).write(show);
        }
    }

    /// What is handed on goes in elsewhere as it is.
    fn note_given_bytes(&mut self, node: usize, bytes: u64, values: u64) {
        let (looks, meters) = (&self.watched.looks, &mut self.watched.meters);
        if let Some(meter) = meters.get_mut(node) {
            meter.output.note(bytes, values);
        }
        let takers = looks
            .sizing
            .as_ref()
            .and_then(|sizing| sizing.takers.get(node));
        for taker in takers.into_iter().flatten() {
            if let Some(meter) = meters.get_mut(*taker) {
                meter.input.note(bytes, values);
                if self
                    .spec
                    .nodes
                    .get(*taker)
                    .is_some_and(|next| next.is_passed_by())
                {
                    meter.output.note(bytes, values);
                }
            }
        }
    }

    /// A source has read so many bytes.
    #[inline]
    pub(super) fn note_read(&mut self, source: usize, bytes: impl FnOnce() -> usize) {
        let Some(sizing) = &mut self.watched.looks.sizing else {
            return;
        };
        if let Some(values) = sizing.read.get_mut(source).and_then(Sampler::step)
            && let Some(meter) = self.watched.meters.get_mut(source)
        {
            meter.input.note(bytes() as u64, values);
        }
    }

    /// A sink hands so many bytes over to Kafka.
    #[inline]
    pub(super) fn note_written(&mut self, node: usize, bytes: impl FnOnce() -> usize) {
        let Some(sizing) = &mut self.watched.looks.sizing else {
            return;
        };
        if let Some(values) = sizing.given.get_mut(node).and_then(Sampler::step)
            && let Some(meter) = self.watched.meters.get_mut(node)
        {
            meter.output.note(bytes() as u64, values);
        }
    }

    /// What checkpoints have kept of the record of this ticket, in the order of the graph, of each node the oldest first; of
    /// several records in one value, the first.
    pub(super) fn checkpoints_of(&self, ticket: &Ticket) -> Vec<Checkpoint> {
        if self.watched.looks.values.is_empty() {
            return Vec::new();
        }
        let record = self.named(ticket).emit_id();
        let nodes = self.watched.looks.values.iter().enumerate();
        let nodes = nodes.filter_map(|(node, values)| Some((node, values.as_ref()?)));
        nodes
            .flat_map(|(node, values)| values.of(record, self.spec, node))
            .collect()
    }

    /// Shows the last values to whoever looks from outside.
    pub(super) fn show_values(&self) {
        let values = self.watched.looks.values();
        if !values.is_empty() {
            self.control.board.show_values(self.index, values);
        }
    }
}

/// The bytes of a record, its key among them.
pub(super) fn bytes_of(record: &Record<'_>) -> usize {
    record.value().map_or(0, <[u8]>::len) + record.key().map_or(0, <[u8]>::len)
}
