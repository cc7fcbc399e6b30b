//! Nodes, steps and edges, and the walks over them that checks need. Which node gives what is in `shape`.

use proc_macro2::Span;
use syn::Ident;

use super::node::Node;
use super::settings::Slot;
use super::step::{Step, lower_batched, lower_step};
use crate::operator::{self, Machine};
use crate::parse::edge::{Argument, EdgeExpr};
use crate::suggest;
use crate::symbol::instead_of_operator_word;

/// Who feeds whom. A vertex is a node or, past their number, a step: an operator in somebody's `from`.
pub(crate) struct Graph<'a> {
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) edges: Vec<Edge<'a>>,
    /// The vertices whose values a `.checkpoint()` keeps.
    pub(crate) marked: Vec<usize>,
    /// Names in `from` that no node has.
    pub(crate) unknown: Vec<Unknown<'a>>,
    /// Operators in `from` that do not exist.
    pub(crate) misnamed: Vec<&'a Ident>,
    /// Some edges could not be told, so that "nothing takes this" would be a guess.
    pub(crate) uncertain: bool,
    nodes: usize,
}

/// One edge, between vertices.
pub(crate) struct Edge<'a> {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Which input of a step it leads to.
    pub(crate) port: usize,
    /// What is written for it: a node's name or an operator's.
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
    let mut lowering = Lowering {
        graph: Graph {
            steps: Vec::new(),
            edges: Vec::new(),
            marked: Vec::new(),
            unknown: Vec::new(),
            misnamed: Vec::new(),
            uncertain: !unread.is_empty() || nodes.iter().any(is_operator_word),
            nodes: nodes.len(),
        },
        nodes,
        unread,
        batched: vec![None; nodes.len()],
    };
    for (index, node) in nodes.iter().enumerate() {
        lowering.lower_batches(index, node);
    }
    for (to, node) in nodes.iter().enumerate() {
        let from = &node.written.options.from;
        let missing =
            from.given().is_some() || node.written.options.incomplete && !node.kind.is_source();
        lowering.graph.uncertain |= missing && from.value().is_none();
        if let Some(expression) = from.value() {
            lowering.lower_edge(expression, to, 0, to);
        }
    }
    lowering.name_steps();
    lowering.graph
}

/// An edge that names it is taken for an option.
fn is_operator_word(node: &Node<'_>) -> bool {
    instead_of_operator_word(node.name).is_some()
}

struct Lowering<'n, 'a> {
    graph: Graph<'a>,
    nodes: &'n [Node<'a>],
    unread: &'n [Ident],
    /// The step behind a source that reads in batches.
    batched: Vec<Option<usize>>,
}

impl<'a> Lowering<'_, 'a> {
    fn lower_batches(&mut self, index: usize, node: &Node<'a>) {
        let options = &node.written.options;
        let Some(size) = options.batch.value().copied() else {
            return;
        };
        let within = options.within.value().map(syn::LitStr::value);
        let within = within.and_then(|text| Some((crate::parse::value::duration_of(&text)?, text)));
        if let Some(step) = lower_batched(node.name, index, size, within) {
            let vertex = self.place(step);
            self.connect(index, vertex, 0, node.name);
            self.batched[index] = Some(vertex);
        }
    }

    /// Leads what an expression gives to an input of a vertex.
    fn lower_edge(&mut self, expression: &'a EdgeExpr, to: usize, port: usize, owner: usize) {
        match expression {
            EdgeExpr::Node(name) => self.resolve(name, to, port),
            EdgeExpr::Operator {
                receiver,
                name,
                arguments,
            } => match operator::find(&name.to_string()) {
                Some(operator) if operator.machine == Machine::Mark => {
                    self.keep_problems(operator, name, arguments, owner);
                    let before = self.graph.edges.len();
                    self.lower_edge(receiver, to, port, owner);
                    self.mark(before, to, port);
                }
                Some(operator) if operator.machine != Machine::Straight => {
                    self.lower_operator(operator, (receiver, name, arguments), (to, port), owner);
                }
                found => {
                    // A union is edges and nothing else; one that is not known is taken for one.
                    match found {
                        None => self.graph.misnamed.push(name),
                        Some(union) => self.keep_problems(union, name, arguments, owner),
                    }
                    self.lower_edge(receiver, to, port, owner);
                    for argument in arguments {
                        if let Argument::Edge(edge) = argument {
                            self.lower_edge(edge, to, port, owner);
                        }
                    }
                }
            },
        }
    }

    fn lower_operator(
        &mut self,
        operator: &'static operator::Operator,
        (receiver, name, arguments): (&'a EdgeExpr, &'a Ident, &'a [Argument]),
        (to, port): (usize, usize),
        owner: usize,
    ) {
        let step = lower_step(operator, name, arguments, owner);
        let node = step.settings.node;
        let slots = step.settings.slots.iter();
        let others: Vec<&'a EdgeExpr> = slots
            .filter_map(|slot| match slot {
                Slot::Node(edge) => Some(*edge),
                Slot::Literal(_) => None,
            })
            .collect();
        let vertex = self.place(step);
        self.connect(vertex, to, port, name);
        self.lower_edge(receiver, vertex, 0, owner);
        for (index, edge) in others.into_iter().chain(node).enumerate() {
            self.lower_edge(edge, vertex, index + 1, owner);
        }
    }

    /// What has no step may have mistakes in its parentheses all the same.
    fn keep_problems(
        &mut self,
        operator: &'static operator::Operator,
        name: &'a Ident,
        arguments: &'a [Argument],
        owner: usize,
    ) {
        let step = lower_step(operator, name, arguments, owner);
        if !step.settings.problems.is_empty() {
            self.place(step);
        }
    }

    /// Marks what gives the values of an input, by the edges that have come since; not what they only pass by on their way.
    fn mark(&mut self, before: usize, to: usize, port: usize) {
        let edges = &self.graph.edges[before..];
        let mut leading: Vec<&Edge<'a>> = edges
            .iter()
            .filter(|edge| edge.to == to && edge.port == port)
            .collect();
        while let Some(edge) = leading.pop() {
            let passed = |step: &Step<'a>| step.operator.machine == Machine::Wait;
            match self.graph.step(edge.from).is_some_and(passed) {
                true => leading.extend(edges.iter().filter(|before| before.to == edge.from)),
                false => self.graph.marked.push(edge.from),
            }
        }
    }

    fn place(&mut self, step: Step<'a>) -> usize {
        self.graph.steps.push(step);
        self.graph.nodes + self.graph.steps.len() - 1
    }

    fn connect(&mut self, from: usize, to: usize, port: usize, at: &'a Ident) {
        self.graph.edges.push(Edge { from, to, port, at });
    }

    fn resolve(&mut self, at: &'a Ident, to: usize, port: usize) {
        let nodes = self.nodes;
        if let Some(from) = nodes.iter().position(|node| node.name == at) {
            let from = self.batched[from].unwrap_or(from);
            return self.connect(from, to, port, at);
        }
        if self.unread.contains(at) {
            return;
        }
        let names: Vec<String> = nodes.iter().map(|node| node.name.to_string()).collect();
        let others = names.iter().enumerate().filter(|(index, _)| *index != to);
        let near = suggest::nearest(&at.to_string(), others.map(|(_, name)| name.as_str()));
        let meant = near.and_then(|name| names.iter().position(|other| other == name));
        match meant {
            Some(from) => {
                let vertex = self.batched[from].unwrap_or(from);
                self.connect(vertex, to, port, at);
            }
            None => self.graph.uncertain = true,
        }
        self.graph.unknown.push(Unknown {
            at,
            near: meant.map(|from| nodes[from].name),
        });
    }

    /// Names the steps once all are there, so that the first of a kind has no number.
    fn name_steps(&mut self) {
        let mut taken: Vec<Ident> = self.nodes.iter().map(|node| node.name.clone()).collect();
        for step in &mut self.graph.steps {
            let mut owner = self.nodes[step.owner].name.clone();
            owner.set_span(Span::call_site());
            step.name_after(&owner, &taken);
            taken.push(step.ident.clone());
        }
    }
}

impl<'a> Graph<'a> {
    /// The step that a vertex is, if it is one.
    pub(crate) fn step(&self, vertex: usize) -> Option<&Step<'a>> {
        vertex
            .checked_sub(self.nodes)
            .and_then(|index| self.steps.get(index))
    }

    /// All steps with their vertices.
    pub(crate) fn vertices(&self) -> impl Iterator<Item = (usize, &Step<'a>)> {
        let steps = self.steps.iter().enumerate();
        steps.map(|(index, step)| (self.nodes + index, step))
    }

    pub(crate) fn has_output(&self, vertex: usize) -> bool {
        self.edges.iter().any(|edge| edge.from == vertex)
    }

    /// The edges that lead to an input of a vertex.
    pub(crate) fn leading_to(&self, vertex: usize, port: usize) -> impl Iterator<Item = &Edge<'a>> {
        self.edges
            .iter()
            .filter(move |edge| edge.to == vertex && edge.port == port)
    }

    /// The edges that lead away from a vertex, in the order they are written.
    pub(crate) fn out_of(&self, vertex: usize) -> impl Iterator<Item = &Edge<'a>> {
        self.edges.iter().filter(move |edge| edge.from == vertex)
    }

    /// The vertex itself and everything before it.
    pub(crate) fn upstream(&self, vertex: usize) -> Vec<usize> {
        let mut reached = vec![vertex];
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

    /// The shortest way from a vertex back to itself, as edges: the first one leaves it, the last one comes back.
    pub(crate) fn circle(&self, start: usize) -> Option<Vec<&Edge<'a>>> {
        let mut ways: Vec<Vec<&Edge<'a>>> = vec![Vec::new()];
        let mut seen = vec![false; self.nodes + self.steps.len()];
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                let end = way.last().map_or(start, |edge| edge.to);
                for edge in self.out_of(end) {
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
