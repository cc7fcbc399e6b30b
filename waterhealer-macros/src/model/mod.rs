//! The graph as it was meant: nodes with what they take and give, steps, edges, resources. Lowering is lenient and never reports:
//! what is missing gets a place holder, `check` says so, and nothing is generated from it.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod flush;
pub(crate) mod graph;
pub(crate) mod input;
pub(crate) mod kind;
pub(crate) mod node;
pub(crate) mod pairing;
pub(crate) mod settings;
pub(crate) mod shape;
pub(crate) mod step;
pub(crate) mod text;
pub(crate) mod types;
pub(crate) mod usage;

use proc_macro2::Span;
use syn::Ident;

use crate::parse::module::Module;
use crate::parse::pipeline::PipelineOptions;
use graph::{Graph, lower_graph};
use node::{Node, lower_node};
use pairing::{Pairing, Pairings, lower_pairings};
use step::Step;

/// A whole pipeline.
pub(crate) struct Pipeline<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) options: &'a PipelineOptions,
    pub(crate) module: &'a Module,
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) graph: Graph<'a>,
    pairings: Pairings,
}

/// Turns what was written into what was meant.
pub(crate) fn lower_pipeline<'a>(module: &'a Module, options: &'a PipelineOptions) -> Pipeline<'a> {
    let nodes: Vec<Node<'a>> = module
        .nodes()
        .map(|node| lower_node(node, module))
        .collect();
    let graph = lower_graph(&nodes, &module.unread);
    let pairings = lower_pairings(&graph, &nodes);
    Pipeline {
        name: &module.name,
        options,
        module,
        nodes,
        graph,
        pairings,
    }
}

impl<'a> Pipeline<'a> {
    /// Where names of generated code that mixes with the user's are resolved: as the word `mod` is.
    pub(crate) fn anchor(&self) -> Span {
        self.module.keyword.span
    }

    /// The resources, in the order of their first use, each with the nodes that take it.
    pub(crate) fn resources(&self) -> Vec<Resource<'_>> {
        let mut resources: Vec<Resource<'_>> = Vec::new();
        for node in &self.nodes {
            for (user, used) in node.shared() {
                let (Some(name), Some(ty)) = (&used.name, &used.ty) else {
                    continue;
                };
                match resources.iter_mut().find(|resource| resource.name == name) {
                    Some(resource) => resource.users.push(user),
                    None => resources.push(Resource {
                        name,
                        ty,
                        users: vec![user],
                    }),
                }
            }
        }
        resources
    }

    /// The node that a vertex is, if it is one.
    pub(crate) fn node(&self, vertex: usize) -> Option<&Node<'a>> {
        self.nodes.get(vertex)
    }

    /// Whether records of Kafka come to a vertex.
    pub(crate) fn is_over_kafka(&self, vertex: usize) -> bool {
        let upstream = self.graph.upstream(vertex).into_iter();
        let mut nodes = upstream.filter_map(|vertex| self.node(vertex));
        nodes.any(|node| node.kind == kind::Kind::Source)
    }

    /// The input of a step that a node of that name leads to.
    pub(crate) fn port_named(&self, vertex: usize, name: &Ident) -> Option<usize> {
        let mut edges = self.graph.edges.iter().filter(|edge| edge.to == vertex);
        edges
            .find(|edge| edge.at == name || self.head_of(edge.from) == Some(name))
            .map(|edge| edge.port)
    }

    /// The node at the head of a chain of steps.
    fn head_of(&self, vertex: usize) -> Option<&Ident> {
        match self.node(vertex) {
            Some(node) => Some(node.name),
            None => self.head_of(self.graph.leading_to(vertex, 0).next()?.from),
        }
    }

    /// How the inputs of a zip pair; `None` for what is no zip of several, and in a graph that goes round.
    pub(crate) fn pairing(&self, vertex: usize) -> Option<Pairing> {
        self.pairings.of(vertex)
    }

    /// Whether a checkpoint keeps what a vertex hands on; of a sink, what it is given.
    pub(crate) fn has_checkpoint(&self, vertex: usize) -> bool {
        let all = self.options.checkpoint.given().is_some();
        let own = match self.node(vertex) {
            Some(node) => {
                let own = node.written.options.checkpoint.given();
                node.kind != kind::Kind::Healed && (all || own.is_some())
            }
            None => all && self.graph.step(vertex).is_some_and(Step::is_called),
        };
        own || self.graph.marked.contains(&vertex)
    }

    /// The vertices at which each value gets a name of its own.
    pub(crate) fn forks(&self) -> &[usize] {
        &self.pairings.forks
    }
}

/// A field of `Resources`.
pub(crate) struct Resource<'p> {
    pub(crate) name: &'p Ident,
    pub(crate) ty: &'p syn::Type,
    pub(crate) users: Vec<&'p Ident>,
}
