//! One node: a function with its attribute, and what follows from the two.

use syn::Ident;

use super::answer::{Answer, Opaque, lower_answer};
use super::flush::{Flush, lower_flush};
use super::input::{Input, Mode, ResourceUse, lower_input, lower_resources, lower_state};
use super::kind::Kind;
use crate::parse::function::NodeFn;
use crate::parse::handling::{Order, Retry};
use crate::parse::module::Module;
use crate::parse::pipeline::PipelineOptions;
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
    /// What writes what it has buffered.
    pub(crate) flush: Option<Flush>,
    pub(crate) answer: Answer,
}

pub(crate) fn lower_node<'a>(written: &'a NodeFn, module: &Module) -> Node<'a> {
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
        flush: lower_flush(written, module),
        answer,
    }
}

impl Node<'_> {
    /// Calls in flight at once; 0 is as many as there are processors.
    pub(crate) fn concurrency(&self) -> usize {
        let usual = if self.blocking() { 0 } else { 1 };
        let written = self.written.options.concurrency.value();
        written.copied().unwrap_or(usual)
    }

    /// Whether its calls are made on threads where they may block.
    pub(crate) fn blocking(&self) -> bool {
        self.written.options.blocking.given().is_some()
    }

    /// Whether a call's answer may come later.
    pub(crate) fn waits(&self) -> bool {
        self.asynchronous || self.blocking()
    }

    /// Whether several calls of it are under way at once.
    pub(crate) fn is_concurrent(&self) -> bool {
        self.waits() && self.concurrency() != 1
    }

    pub(crate) fn retry(&self) -> Option<&Retry> {
        self.written.options.retry.value()
    }

    /// Which calls wait for one another. Where there is one at a time, a record that waits for its next attempt holds back
    /// its own partition, so that the order is kept there.
    pub(crate) fn order(&self) -> Order {
        let kept = self.retry().is_some() && !self.is_concurrent();
        let usual = if kept { Order::Partition } else { Order::None };
        let written = self.written.options.order_by.value();
        written.copied().unwrap_or(usual)
    }

    /// Whether values may leave it in another order than they came, within a partition.
    pub(crate) fn gives_up_order(&self) -> bool {
        let free = self.is_concurrent() || self.retry().is_some();
        free && self.order() != Order::Partition
    }

    /// Whether its calls wait for one another, or are made again.
    pub(crate) fn takes_turns(&self) -> bool {
        self.retry().is_some() || self.order() != Order::None
    }

    /// Whether its value is shared between its calls, which only look at it: no clone is needed to make one again.
    pub(crate) fn shares_value(&self) -> bool {
        let looks = self.input.mode == Mode::Ref
            && !matches!(
                self.kind,
                Kind::Filter | Kind::ForeachMap | Kind::ForeachAsync
            );
        looks && self.waits() && self.retry().is_some()
    }

    /// Whether a call that is answered at once leaves its value behind: it is at hand for the next one.
    pub(crate) fn leaves_value(&self) -> bool {
        let looks = self.input.mode == Mode::Ref
            && self.kind != Kind::ForeachMap
            && self.answer.opaque != Opaque::Values;
        looks && !self.waits() && self.retry().is_some()
    }

    /// What becomes of a panic; where nothing is said, what the pipeline says.
    pub(crate) fn on_panic(&self, options: &PipelineOptions) -> Policy {
        let said = self.written.options.on_panic.value();
        said.or(options.on_panic.value())
            .cloned()
            .unwrap_or_default()
    }

    /// What it and its flush share with others, each with the function that takes it.
    pub(crate) fn shared(&self) -> impl Iterator<Item = (&Ident, &ResourceUse)> {
        let own = self.resources.iter().map(|used| (self.name, used));
        let flush = self.flush.iter();
        own.chain(flush.flat_map(|flush| flush.resources.iter().map(|used| (&flush.name, used))))
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
        let options = &self.written.options;
        let policies = [&options.on_error, &options.on_panic];
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
