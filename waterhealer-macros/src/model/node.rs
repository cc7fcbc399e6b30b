//! One node: a function with its attribute, and what follows from the two.

use syn::Ident;

use super::answer::{Answer, Opaque, lower_answer};
use super::input::{Input, ResourceUse, lower_input, lower_resources, lower_state};
use super::kind::Kind;
use crate::parse::function::NodeFn;
use crate::parse::value::{DeadLetter, Policy};

/// A node of the graph.
pub(crate) struct Node<'a> {
    pub(crate) written: &'a NodeFn,
    pub(crate) name: &'a Ident,
    pub(crate) kind: Kind,
    /// `async fn`, or a function that answers `impl Future`.
    pub(crate) asynchronous: bool,
    /// Of an `#[accumulate]`, the type of its state.
    pub(crate) state: Option<&'a syn::Type>,
    pub(crate) input: Input,
    pub(crate) resources: Vec<ResourceUse>,
    pub(crate) answer: Answer,
}

pub(crate) fn lower_node(written: &NodeFn) -> Node<'_> {
    let signature = &written.signature;
    let kind = Kind::of(written);
    let before = usize::from(kind == Kind::Accumulate);
    let returns_state = written.options.returns_state.given().is_some();
    let answer = lower_answer(&signature.output, returns_state);
    Node {
        written,
        name: &signature.ident,
        kind,
        asynchronous: signature.asyncness.is_some() || answer.opaque == Opaque::Future,
        state: (kind == Kind::Accumulate)
            .then(|| lower_state(signature))
            .flatten(),
        input: lower_input(signature, before),
        resources: lower_resources(signature, before),
        answer,
    }
}

impl Node<'_> {
    /// Calls in flight at once.
    pub(crate) fn concurrency(&self) -> usize {
        self.written
            .options
            .concurrency
            .value()
            .copied()
            .unwrap_or(1)
    }

    pub(crate) fn policy(&self) -> Policy {
        self.written
            .options
            .on_error
            .value()
            .cloned()
            .unwrap_or_default()
    }

    /// Where records go that fail at it.
    pub(crate) fn dead_letters(&self) -> impl Iterator<Item = &DeadLetter> {
        let policies = [&self.written.options.on_error];
        policies
            .into_iter()
            .filter_map(|policy| match policy.value() {
                Some(Policy::DeadLetter(letter)) => Some(letter),
                _ => None,
            })
    }

    /// The topics a source reads, or the one a sink writes.
    pub(crate) fn topics(&self) -> Vec<&syn::LitStr> {
        let options = &self.written.options;
        options
            .topic
            .value()
            .into_iter()
            .chain(options.topics.value().into_iter().flatten())
            .collect()
    }

    /// The file whose lines a source reads, or the pattern of the names it reads.
    pub(crate) fn path(&self) -> Option<&syn::LitStr> {
        let options = &self.written.options;
        options.lines.value().or(options.files.value())
    }

    /// The librdkafka properties of a source.
    pub(crate) fn properties(&self) -> impl Iterator<Item = &crate::parse::value::Property> {
        self.written
            .options
            .properties
            .value()
            .into_iter()
            .flatten()
    }

    /// The first paragraph of the function's documentation, on one line.
    pub(crate) fn doc(&self) -> String {
        let lines = self
            .written
            .attributes
            .iter()
            .filter_map(|attribute| attribute.doc());
        let whole = lines.collect::<Vec<_>>().join("\n");
        let first = whole
            .trim()
            .lines()
            .map(str::trim)
            .take_while(|line| !line.is_empty());
        first.collect::<Vec<_>>().join(" ")
    }
}
