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

    /// Says, to whoever wants to know as much, what the record that has failed was at the stages before.
    pub(super) fn say_what_is_kept(&self, stage: &'static str, ticket: &Ticket) {
        if !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        for kept in self.checkpoints_of(ticket) {
            let (path, emit_id) = (&kept.path, kept.emit_id);
            tracing::debug!(stage, path, %emit_id, value = %kept, "what the failed record was");
        }
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

#[cfg(test)]
mod tests {
    use tokio::runtime::Runtime;

    use super::super::{Control, Mailbox};
    use super::*;
    use crate::clock::Clock;
    use crate::graph::{Cardinality, Edge, Handling, NodeKind, NodeSpec, OnError};
    use crate::ledger::{Epoch, SlotId};
    use crate::observe::{ShowJson as _, ShowName as _, Shown};

    const fn node(name: &'static str, kind: NodeKind, label: &'static str) -> NodeSpec {
        NodeSpec {
            name,
            kind,
            label,
            cardinality: Cardinality::One,
            asynchronous: false,
            concurrency: 1,
            on_error: OnError::Halt,
            handling: Handling::USUAL,
            topics: &[],
            path: "",
            properties: &[],
            breaker: None,
            checkpoint: false,
            carrier: false,
            takes: "",
            gives: "",
            doc: "",
        }
    }

    const READ: usize = 0;
    const STORE: usize = 1;
    const BUFFER: usize = 2;

    /// `store` takes from `read` through a buffer, which values pass by.
    static SPEC: Spec = Spec {
        name: "looked",
        settings: &[],
        nodes: &[
            NodeSpec {
                checkpoint: true,
                ..node("read", NodeKind::Source, "")
            },
            node("store", NodeKind::KafkaSink, ""),
            node("store.buffer", NodeKind::Operator, "buffer(5)"),
        ],
        edges: &[
            Edge {
                from: READ,
                to: BUFFER,
                port: 0,
            },
            Edge {
                from: BUFFER,
                to: STORE,
                port: 0,
            },
        ],
    };
    const SLOT: SlotId = SlotId(1);

    fn lane() -> (Lane<()>, Runtime) {
        let pool = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (mailbox, control) = (Mailbox::new(), Control::new());
        let handle = pool.handle().clone();
        let mut lane = Lane::new(&SPEC, mailbox, control, handle, None, Clock::still());
        lane.ledger.open(SLOT, Epoch(1));
        (lane, pool)
    }

    /// Hands a text on from the source, with as many letters as it says, as records would do one after the other.
    fn give(lane: &mut Lane<()>, offsets: std::ops::Range<i64>, letters: usize) {
        for offset in offsets {
            let ticket = lane.ledger.deliver(SLOT, offset, None);
            lane.note_read(READ, || 100);
            let text = "x".repeat(letters);
            lane.gives(READ, &ticket, |sheet| (&&&Shown(&text)).show(sheet));
            lane.settle(ticket);
        }
    }

    #[test]
    fn sizes_are_those_of_what_goes_in_and_of_what_comes_out() {
        let (lane, _pool) = lane();
        let mut lane = lane.measuring(true);
        give(&mut lane, 0..65, 8);
        lane.note_written(STORE, || 30);
        let meters = lane.watched.meters();
        let sums = |node: usize| {
            let (input, output) = (&meters[node].input, &meters[node].output);
            (input.sum, input.count(), output.sum, output.count())
        };
        assert_eq!(
            sums(READ),
            (6_500, 65, 650, 65),
            "two quotes and eight letters"
        );
        assert_eq!(sums(BUFFER), (650, 65, 650, 65));
        assert_eq!(sums(STORE), (650, 65, 30, 1));
        assert!(lane.watched.looks.values().is_empty(), "nothing is kept");
    }

    #[test]
    fn what_cannot_be_written_has_no_size() {
        struct Nothing;
        let (lane, _pool) = lane();
        let mut lane = lane.measuring(true);
        let ticket = lane.ledger.deliver(SLOT, 0, None);
        lane.gives(READ, &ticket, |sheet| Shown(&Nothing).show(sheet));
        assert_eq!(lane.watched.meters()[READ].output.count(), 0);
        lane.settle(ticket);
    }

    #[test]
    fn turned_off_no_value_is_looked_at() {
        let (lane, _pool) = lane();
        let mut lane = lane.measuring(false).keeping(0);
        let ticket = lane.ledger.deliver(SLOT, 0, None);
        lane.gives(READ, &ticket, |_| unreachable!("nobody looks"));
        lane.takes(STORE, &ticket, |_| unreachable!("nobody looks"));
        assert_eq!(
            lane.watched.meters()[READ].given,
            1,
            "it is counted all the same"
        );
        lane.settle(ticket);
    }

    #[test]
    fn what_is_kept_of_a_record_is_at_hand_when_it_fails() {
        let (lane, _pool) = lane();
        let mut lane = lane.keeping(2);
        give(&mut lane, 0..3, 1);
        let ticket = lane.ledger.deliver(SLOT, 3, None);
        lane.gives(READ, &ticket, |sheet| (&&&Shown(&"mine")).show(sheet));
        let kept = lane.checkpoints_of(&ticket);
        let kept: Vec<_> = kept
            .iter()
            .map(|kept| (&*kept.path, &*kept.value))
            .collect();
        assert_eq!(kept, [("source.read", "\"mine\"")]);
        lane.settle(ticket);
    }
}
