//! Nodes and edges, and the walks over them that checks need.

use syn::Ident;

use super::node::Node;
use crate::suggest;

/// Who feeds whom.
pub(crate) struct Graph<'a> {
    pub(crate) edges: Vec<Edge<'a>>,
    /// Names in `from` that no node has.
    pub(crate) unknown: Vec<Unknown<'a>>,
    /// Some edges could not be told, so that "nothing takes this" would be a guess.
    pub(crate) uncertain: bool,
    size: usize,
}

/// One edge, between indices of nodes.
pub(crate) struct Edge<'a> {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The name in the `from` of the node it leads to.
    pub(crate) at: &'a Ident,
}

/// A name that no node has, and the nearest one that some node has.
pub(crate) struct Unknown<'a> {
    pub(crate) at: &'a Ident,
    pub(crate) near: Option<&'a Ident>,
}

/// Resolves the names. An unknown name that is a slip of the fingers counts as the name that was meant, lest every slip
/// be told twice: once as unknown, once as a node that nothing takes.
pub(crate) fn lower_graph<'a>(nodes: &[Node<'a>], unread: &[Ident]) -> Graph<'a> {
    let mut graph = Graph {
        edges: Vec::new(),
        unknown: Vec::new(),
        uncertain: !unread.is_empty(),
        size: nodes.len(),
    };
    for (to, node) in nodes.iter().enumerate() {
        let from = &node.written.options.from;
        let missing =
            from.given().is_some() || node.written.options.incomplete && !node.kind.is_source();
        graph.uncertain |= missing && from.value().is_none();
        for at in from
            .value()
            .into_iter()
            .flat_map(|expression| expression.nodes())
        {
            graph.resolve(nodes, unread, to, at);
        }
    }
    graph
}

impl<'a> Graph<'a> {
    fn resolve(&mut self, nodes: &[Node<'a>], unread: &[Ident], to: usize, at: &'a Ident) {
        if let Some(from) = nodes.iter().position(|node| node.name == at) {
            return self.edges.push(Edge { from, to, at });
        }
        if unread.contains(at) {
            return;
        }
        let names: Vec<String> = nodes.iter().map(|node| node.name.to_string()).collect();
        let others = names.iter().enumerate().filter(|(index, _)| *index != to);
        let near = suggest::nearest(&at.to_string(), others.map(|(_, name)| name.as_str()));
        let meant = near.and_then(|name| names.iter().position(|other| other == name));
        match meant {
            Some(from) => self.edges.push(Edge { from, to, at }),
            None => self.uncertain = true,
        }
        self.unknown.push(Unknown {
            at,
            near: meant.map(|from| nodes[from].name),
        });
    }

    pub(crate) fn has_output(&self, node: usize) -> bool {
        self.edges.iter().any(|edge| edge.from == node)
    }

    /// The node itself and everything before it.
    pub(crate) fn upstream(&self, node: usize) -> Vec<usize> {
        let mut reached = vec![node];
        let mut next = 0;
        while let Some(&here) = reached.get(next) {
            next += 1;
            for edge in self.edges.iter().filter(|edge| edge.to == here) {
                if !reached.contains(&edge.from) {
                    reached.push(edge.from);
                }
            }
        }
        reached
    }

    /// The shortest way from a node back to itself, as edges: the first one leaves it, the last one comes back.
    pub(crate) fn circle(&self, start: usize) -> Option<Vec<&Edge<'a>>> {
        let mut ways: Vec<Vec<&Edge<'a>>> = vec![Vec::new()];
        let mut seen = vec![false; self.size];
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                let end = way.last().map_or(start, |edge| edge.to);
                for edge in self.edges.iter().filter(|edge| edge.from == end) {
                    let mut next = way.clone();
                    next.push(edge);
                    if edge.to == start {
                        return Some(next);
                    }
                    if !std::mem::replace(&mut seen[edge.to], true) {
                        longer.push(next);
                    }
                }
            }
            ways = longer;
        }
        None
    }
}
