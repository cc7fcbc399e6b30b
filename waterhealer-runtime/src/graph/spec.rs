//! The graph as data, as the macro writes it into the program.

use std::borrow::Cow;
use std::num::NonZero;

use super::handling::{Handling, OrderBy};
use super::policy::{Breaker, Keeps, OnError};

/// A pipeline: its name, settings, nodes and edges.
#[derive(Debug)]
pub struct Spec {
    /// The module's name.
    pub name: &'static str,
    /// The settings given to `#[pipeline(…)]`, as written: the first layer of the configuration.
    pub settings: &'static [(&'static str, &'static str)],
    /// The nodes, in the order of the source text.
    pub nodes: &'static [NodeSpec],
    /// The edges.
    pub edges: &'static [Edge],
}

/// One node: a stage, or an operator between two of them.
#[derive(Debug)]
pub struct NodeSpec {
    /// The function's name. An operator has one of its own, which nothing else in the pipeline has.
    pub name: &'static str,
    /// What it does.
    pub kind: NodeKind,
    /// An operator as it is written, `partition(5, within = "1s")`. Empty for a stage.
    pub label: &'static str,
    /// How many values come out for what goes in.
    pub cardinality: Cardinality,
    /// Whether the function is `async`.
    pub asynchronous: bool,
    /// How many calls may be under way at once; 1 keeps the order, 0 is as many as the machine has processors.
    pub concurrency: usize,
    /// What an error of it means.
    pub on_error: OnError,
    /// How else it is called, and what else becomes of a call that fails.
    pub handling: Handling,
    /// The topics that a source reads, or the one that a sink writes.
    pub topics: &'static [&'static str],
    /// The file whose lines a source reads, or the pattern of the names it reads; else empty.
    pub path: &'static str,
    /// Properties of the Kafka client that a source asks for.
    pub properties: &'static [(&'static str, &'static str)],
    /// When so many of its calls fail that the pipeline halts all the same.
    pub breaker: Option<Breaker>,
    /// Whether a checkpoint keeps the values it hands on; of a sink, those it is given.
    pub checkpoint: bool,
    /// Whether it takes `Tracked<T>` or `&Tracked<T>`.
    pub carrier: bool,
    /// The type of its value, as text.
    pub takes: &'static str,
    /// The type of its answer, as text.
    pub gives: &'static str,
    /// The first paragraph of its documentation.
    pub doc: &'static str,
}

/// What a node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// Reads records from Kafka.
    Source,
    /// Is given values by hand.
    EmitSource,
    /// Reads the lines of a text file.
    LineSource,
    /// Reads the names of files.
    FileSource,
    /// One value in, one out.
    Map,
    /// Lets values through or finishes their records.
    Filter,
    /// One value in, any number out.
    FlatMap,
    /// One value in, one out, with a state that goes from call to call.
    Accumulate,
    /// Called with each element of a batch, one after another.
    ForeachMap,
    /// Called with each element of a batch, together.
    ForeachAsync,
    /// Finishes records.
    Sink,
    /// Writes to Kafka and finishes records when the broker has acknowledged.
    KafkaSink,
    /// Called with the offsets of each commit. It has no edges.
    Healed,
    /// A step between nodes, such as a window.
    Operator,
}

/// How many values come out of a node for what goes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// Nothing goes in: values begin here.
    Start,
    /// One for each.
    One,
    /// One for some, none for the others.
    Subset,
    /// Any number for each.
    Many,
    /// One for several.
    Regroup,
    /// One for a value of each of several inputs.
    Merge,
    /// Nothing comes out: values end here.
    End,
}

/// A connection of two nodes, by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The node that gives.
    pub from: usize,
    /// The node that takes.
    pub to: usize,
    /// Which input of the node that takes, where it has several; otherwise 0.
    pub port: usize,
}

impl Spec {
    /// All topics that the pipeline reads, each with the index of its source.
    pub(crate) fn read_topics(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.kind == NodeKind::Source)
            .flat_map(|(index, node)| node.topics.iter().map(move |topic| (*topic, index)))
    }

    /// The sources of lines and of names of files, each with its index.
    pub(crate) fn read_files(&self) -> impl Iterator<Item = (usize, &NodeSpec)> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter(|(_, node)| matches!(node.kind, NodeKind::LineSource | NodeKind::FileSource))
    }

    /// All topics that the pipeline writes.
    pub(crate) fn written_topics(&self) -> impl Iterator<Item = &'static str> {
        self.nodes
            .iter()
            .filter(|node| node.kind == NodeKind::KafkaSink)
            .flat_map(|node| node.topics.iter().copied())
    }

    /// All topics that the pipeline needs in this group: read, written, and those of dead letters. Each once.
    pub(crate) fn topics(&self, group: &str) -> Vec<Cow<'static, str>> {
        let read = self.read_topics().map(|(topic, _)| topic);
        let mut topics = Vec::new();
        let written = read.chain(self.written_topics()).map(Cow::Borrowed);
        for topic in written.chain(self.dead_letter_topics(group)) {
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        topics
    }

    /// The topics to which failed records go. Each once.
    pub(crate) fn dead_letter_topics(&self, group: &str) -> Vec<Cow<'static, str>> {
        let mut topics = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            for policy in node.policies() {
                for topic in self.letter_topics(index, policy, group) {
                    if !topics.contains(&topic) {
                        topics.push(topic);
                    }
                }
            }
        }
        topics
    }

    /// The topics to which a node sends records by this policy. Each once.
    pub(super) fn letter_topics(
        &self,
        node: usize,
        policy: OnError,
        group: &str,
    ) -> Vec<Cow<'static, str>> {
        let OnError::DeadLetter(letter) = policy else {
            return Vec::new();
        };
        let mut topics = Vec::new();
        for source in self.topics_above(node) {
            let topic = letter.topic_of(source, group);
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        topics
    }

    /// The group as the attribute has it; what stands for it where the configuration is to say it.
    pub(super) fn group_or(&self, unsaid: &'static str) -> &'static str {
        let mut settings = self.settings.iter();
        let group = settings.find(|(name, _)| *name == "group");
        group.map_or(unsaid, |(_, group)| group)
    }

    /// The topics whose records reach a node.
    fn topics_above(&self, node: usize) -> Vec<&'static str> {
        let mut above = vec![node];
        let mut looked_at = 0;
        while let Some(at) = above.get(looked_at).copied() {
            looked_at += 1;
            let feeding = self.edges.iter().filter(|edge| edge.to == at);
            for edge in feeding {
                if !above.contains(&edge.from) {
                    above.push(edge.from);
                }
            }
        }
        let read = self.read_topics();
        read.filter(|(_, source)| above.contains(source))
            .map(|(topic, _)| topic)
            .collect()
    }

    /// Whether the pipeline produces to Kafka.
    pub(crate) fn produces(&self) -> bool {
        self.written_topics().next().is_some() || self.keeps() == Keeps::Record
    }

    /// Topics that the pipeline reads and writes: a record may go round for ever.
    pub(crate) fn circular_topics(&self) -> impl Iterator<Item = &'static str> {
        self.written_topics()
            .filter(|written| self.read_topics().any(|(read, _)| read == *written))
    }

    /// Whether the pipeline needs a broker at all.
    pub(crate) fn uses_kafka(&self) -> bool {
        self.read_topics().next().is_some() || self.produces()
    }

    /// Whether outputs and offsets are committed together. Only the attribute says so: the graph was checked for it.
    pub(crate) fn is_exactly_once(&self) -> bool {
        self.settings
            .iter()
            .any(|(name, value)| *name == "delivery" && *value == "exactly_once")
    }

    /// Whether some stage has a state that has seen records and is not given up with them.
    pub(crate) fn remembers(&self) -> bool {
        self.nodes.iter().any(|node| {
            let operator = node.label.split('(').next().unwrap_or_default();
            node.kind == NodeKind::Accumulate || matches!(operator, "unique" | "slice")
        })
    }

    /// Whether some stage asks for the offsets of each commit.
    pub(crate) fn tells_commits(&self) -> bool {
        self.nodes.iter().any(|node| node.kind == NodeKind::Healed)
    }

    /// What stages ask for of a record beside its value; all of it, where one may write it to another topic.
    pub(crate) fn keeps(&self) -> Keeps {
        let asked = self.nodes.iter().map(NodeSpec::keeps);
        asked.max().unwrap_or(Keeps::Nothing)
    }
}

impl NodeSpec {
    /// Whether it is an operator that values pass by: it says how they wait at the next node, and is never called.
    pub(crate) fn is_passed_by(&self) -> bool {
        let operator = self.label.split('(').next().unwrap_or_default();
        self.kind == NodeKind::Operator && matches!(operator, "buffer" | "latest")
    }

    /// How log lines and spans name it: `map.price`; of an operator, its word.
    pub(crate) fn path(&self) -> Cow<'static, str> {
        let word = match self.kind {
            NodeKind::Source
            | NodeKind::EmitSource
            | NodeKind::LineSource
            | NodeKind::FileSource => "source",
            NodeKind::Map => "map",
            NodeKind::Filter => "filter",
            NodeKind::FlatMap => "flat_map",
            NodeKind::Accumulate => "accumulate",
            NodeKind::ForeachMap => "foreach_map",
            NodeKind::ForeachAsync => "foreach_async",
            NodeKind::Sink | NodeKind::KafkaSink => "sink",
            NodeKind::Healed => "healed",
            NodeKind::Operator => {
                let label: &'static str = self.label;
                return Cow::Borrowed(label.split('(').next().unwrap_or(label));
            }
        };
        Cow::Owned(format!("{word}.{}", self.name))
    }

    /// How many calls may be under way at once.
    pub(crate) fn places(&self) -> usize {
        match self.concurrency {
            0 => std::thread::available_parallelism().map_or(1, NonZero::get),
            places => places,
        }
    }

    /// What becomes of its failures: of its errors, and of its panics.
    pub(crate) fn policies(&self) -> [OnError; 2] {
        [self.on_error, self.handling.on_panic]
    }

    fn keeps(&self) -> Keeps {
        let mut policies = self.policies().into_iter();
        if policies.any(|policy| matches!(policy, OnError::DeadLetter(_))) {
            return Keeps::Record;
        }
        match (self.carrier, self.handling.order_by) {
            (true, _) => Keeps::Meta,
            (false, OrderBy::Key) => Keeps::Key,
            (false, OrderBy::None | OrderBy::Partition) => Keeps::Nothing,
        }
    }
}
