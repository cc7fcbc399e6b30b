//! What checkpoints keep, for whoever has the handle: the last value of each node, the last ones of one node, and all of one
//! record. A busy lane shows them ten times a second, one that comes to rest at once.

use std::collections::BTreeMap;

use super::handle::Handle;
use crate::observe::Checkpoint;
use crate::types::EmitId;

impl<E> Handle<E> {
    /// The last value of each node that has a `checkpoint` and has handed one on, by the node's path:
    /// `source.order.map.price`.
    ///
    /// After an [`emit`](Handle::emit) has answered, what came of that value is among them; of other records it is at most a
    /// tenth of a second old.
    pub fn checkpoint(&self) -> BTreeMap<String, Checkpoint> {
        let nodes = 0..self.spec.nodes.len();
        let last = nodes.filter_map(|node| self.control.board.values(self.spec, node).pop());
        last.map(|value| (value.path.clone(), value)).collect()
    }

    /// The last values of the node with this path, oldest first: one, unless `checkpoint_history` says more. Where a pipeline
    /// has several lanes, those of the lane that was there last.
    pub fn checkpoint_history(&self, path: &str) -> Vec<Checkpoint> {
        let mut nodes = 0..self.spec.nodes.len();
        let node = nodes.find(|node| self.spec.path_of(*node) == path);
        node.map_or_else(Vec::new, |node| self.control.board.values(self.spec, node))
    }

    /// What is kept of one record: its values in the order of the graph, of each node the oldest first. Values that were
    /// made of several records are found by the first of them.
    pub fn checkpoint_of(&self, record: EmitId) -> Vec<Checkpoint> {
        self.control.board.values_of(self.spec, record)
    }
}
