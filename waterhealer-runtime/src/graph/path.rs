//! Where a node stands, as a path from its source down: `source.order.map.price`. What is kept of nodes under such names is in
//! `observe`.

use super::spec::{NodeKind, NodeSpec, Spec};

impl Spec {
    /// The path of a node: that of the node it takes from, the first where it takes from several, and then its own kind and
    /// name; of an operator its name alone, which has that of the node it stands before. So paths are unique, and adding a
    /// branch changes no other.
    pub(crate) fn path_of(&self, node: usize) -> String {
        let mut parts = Vec::new();
        let mut at = Some(node);
        while let Some((index, node)) = at.and_then(|at| Some((at, self.nodes.get(at)?))) {
            // A graph has no circles; a table that had one would end here.
            if parts.len() > self.nodes.len() {
                break;
            }
            parts.push(part(node));
            let mut before = self.edges.iter().filter(|edge| edge.to == index);
            let first = before.find(|edge| edge.port == 0);
            at = first.map(|edge| edge.from);
        }
        parts.reverse();
        parts.join(".")
    }
}

fn part(node: &NodeSpec) -> String {
    let kind = match node.kind {
        NodeKind::Source | NodeKind::EmitSource => "source",
        NodeKind::LineSource | NodeKind::FileSource => "source",
        NodeKind::Map => "map",
        NodeKind::Filter => "filter",
        NodeKind::FlatMap => "flat_map",
        NodeKind::Accumulate => "accumulate",
        NodeKind::ForeachMap => "foreach_map",
        NodeKind::ForeachAsync => "foreach_async",
        NodeKind::Sink | NodeKind::KafkaSink => "sink",
        NodeKind::Healed => "healed",
        NodeKind::Operator => return node.name.to_owned(),
    };
    format!("{kind}.{}", node.name)
}

#[cfg(test)]
mod tests {
    use super::super::handling::Handling;
    use super::super::policy::OnError;
    use super::super::spec::{Cardinality, Edge};
    use super::*;

    const fn node(name: &'static str, kind: NodeKind) -> NodeSpec {
        NodeSpec {
            name,
            kind,
            label: "",
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

    const fn edge(from: usize, to: usize, port: usize) -> Edge {
        Edge { from, to, port }
    }

    /// `publish` takes from `price` and `by_hand`; `both` zips `price` with `by_hand`.
    const SHOP: Spec = Spec {
        name: "shop",
        settings: &[],
        nodes: &[
            node("order", NodeKind::Source),
            node("by_hand", NodeKind::EmitSource),
            node("price", NodeKind::Map),
            node("publish", NodeKind::KafkaSink),
            node("both", NodeKind::Sink),
            node("both.zip", NodeKind::Operator),
            node("told", NodeKind::Healed),
        ],
        edges: &[
            edge(0, 2, 0),
            edge(2, 3, 0),
            edge(1, 3, 0),
            edge(5, 4, 0),
            edge(1, 5, 1),
            edge(2, 5, 0),
        ],
    };

    #[test]
    fn a_path_names_kinds_and_functions_from_the_source_down() {
        assert_eq!(SHOP.path_of(0), "source.order");
        assert_eq!(SHOP.path_of(2), "source.order.map.price");
    }

    #[test]
    fn of_several_inputs_the_first_gives_the_path() {
        assert_eq!(SHOP.path_of(3), "source.order.map.price.sink.publish");
        assert_eq!(SHOP.path_of(5), "source.order.map.price.both.zip");
        assert_eq!(SHOP.path_of(4), "source.order.map.price.both.zip.sink.both");
    }

    #[test]
    fn a_node_beside_the_graph_has_its_own_name_alone() {
        assert_eq!(SHOP.path_of(6), "healed.told");
    }
}
