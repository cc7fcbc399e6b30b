//! What a vertex gives: one value at a time, or the rows of a batch, each with its own obligation.

use super::Pipeline;
use super::input::Mode;
use super::kind::Kind;
use crate::operator::Gives;

/// How values travel between two vertices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    One,
    Rows,
}

impl Pipeline<'_> {
    /// What a vertex gives.
    pub(crate) fn shape(&self, vertex: usize) -> Shape {
        self.shape_within(vertex, self.nodes.len() + self.graph.steps.len())
    }

    /// The depth ends a walk through a graph that goes round.
    fn shape_within(&self, vertex: usize, depth: usize) -> Shape {
        let fed_by = || {
            let first = self
                .graph
                .leading_to(vertex, 0)
                .next()
                .filter(|_| depth > 0);
            first.map_or(Shape::One, |edge| self.shape_within(edge.from, depth - 1))
        };
        if let Some(step) = self.graph.step(vertex) {
            return match step.gives() {
                Gives::Same => fed_by(),
                Gives::Rows => Shape::Rows,
                Gives::Tuple | Gives::Elements | Gives::Part => Shape::One,
            };
        }
        let node = &self.nodes[vertex];
        match node.kind {
            Kind::Map if node.input.mode == Mode::Batch => Shape::Rows,
            Kind::ForeachMap | Kind::ForeachAsync => fed_by(),
            _ => Shape::One,
        }
    }

    /// Whether the outcome of a call of a node is that of rows, one by one.
    pub(crate) fn counts_rows(&self, index: usize) -> bool {
        let node = &self.nodes[index];
        let maps = matches!(node.kind, Kind::Map | Kind::ForeachMap | Kind::ForeachAsync);
        node.input.mode == Mode::Batch || maps && self.shape(index) == Shape::Rows
    }

    /// Whether a vertex takes the rows of a batch as they are, rather than as one plain list.
    pub(crate) fn takes_rows(&self, vertex: usize) -> bool {
        if let Some(step) = self.graph.step(vertex) {
            return matches!(step.gives(), Gives::Same | Gives::Elements);
        }
        let node = &self.nodes[vertex];
        node.input.mode == Mode::Batch || matches!(node.kind, Kind::ForeachMap | Kind::ForeachAsync)
    }
}
