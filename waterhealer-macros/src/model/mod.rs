//! The graph as it was meant: nodes with what they take and give, edges, resources. Lowering is lenient and never reports:
//! what is missing gets a place holder, `check` says so, and nothing is generated from it.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod graph;
pub(crate) mod input;
pub(crate) mod kind;
pub(crate) mod node;
pub(crate) mod operator;
pub(crate) mod text;
pub(crate) mod types;
pub(crate) mod usage;

use proc_macro2::Span;
use syn::Ident;

use crate::parse::module::Module;
use crate::parse::pipeline::PipelineOptions;
use graph::{Graph, lower_graph};
use node::{Node, lower_node};

/// A whole pipeline.
pub(crate) struct Pipeline<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) options: &'a PipelineOptions,
    pub(crate) module: &'a Module,
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) graph: Graph<'a>,
}

/// Turns what was written into what was meant.
pub(crate) fn lower_pipeline<'a>(module: &'a Module, options: &'a PipelineOptions) -> Pipeline<'a> {
    let nodes: Vec<Node<'a>> = module.nodes().map(lower_node).collect();
    let graph = lower_graph(&nodes, &module.unread);
    Pipeline {
        name: &module.name,
        options,
        module,
        nodes,
        graph,
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
            for used in &node.resources {
                let (Some(name), Some(ty)) = (&used.name, &used.ty) else {
                    continue;
                };
                match resources.iter_mut().find(|resource| resource.name == name) {
                    Some(resource) => resource.users.push(node.name),
                    None => resources.push(Resource {
                        name,
                        ty,
                        users: vec![node.name],
                    }),
                }
            }
        }
        resources
    }

    /// The nodes that a node's values go to, in the order they are written.
    pub(crate) fn outputs(&self, node: usize) -> impl Iterator<Item = &Node<'a>> {
        self.graph
            .edges
            .iter()
            .filter(move |edge| edge.from == node)
            .map(|edge| &self.nodes[edge.to])
    }
}

/// A field of `Resources`.
pub(crate) struct Resource<'p> {
    pub(crate) name: &'p Ident,
    pub(crate) ty: &'p syn::Type,
    pub(crate) users: Vec<&'p Ident>,
}
