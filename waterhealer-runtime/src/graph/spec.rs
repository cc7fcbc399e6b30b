//! The graph as data, as the macro writes it into the program.

use std::num::NonZero;
use std::time::Duration;

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

/// How a stage is called beside what is usual, and what becomes of a call that fails before its policy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    /// What a panic of it means.
    pub on_panic: OnError,
    /// Whether a call that fails is made again.
    pub retry: Option<Retry>,
    /// How long a call may take.
    pub timeout: Option<Duration>,
    /// Which calls wait for one another.
    pub order_by: OrderBy,
    /// Whether the function, which is not async, is called on a thread where it may block.
    pub blocking: bool,
}

impl Handling {
    /// Of a stage of which nothing is said.
    pub const USUAL: Handling = Handling {
        on_panic: OnError::Halt,
        retry: None,
        timeout: None,
        order_by: OrderBy::None,
        blocking: false,
    };
}

/// How often a call that fails is made again, and after what time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Further attempts, at least one.
    pub max: usize,
    /// The time before the first of them; each next one waits twice as long.
    pub from: Duration,
    /// The longest time between two attempts.
    pub to: Duration,
    /// Whether each waits for any part of its time, by chance.
    pub jitter: bool,
}

/// Which calls of a stage wait for one another: of those with something in common there is one at a time, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderBy {
    /// None.
    None,
    /// Those for records of one partition.
    Partition,
    /// Those for records with one key; without a key, of one partition.
    Key,
}

/// What is kept of a record beside its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Keep {
    /// Nothing: its place in the ledger is enough.
    Nothing,
    /// Its position and key.
    Key,
    /// Headers and timestamp, too.
    Meta,
}

/// What an error of a stage means for the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// Nothing past the record is committed and the process ends non-zero.
    Halt,
    /// The record counts as finished; the error is logged and counted.
    Skip,
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

    /// All topics, read or written.
    pub(crate) fn topics(&self) -> Vec<&'static str> {
        self.read_topics()
            .map(|(topic, _)| topic)
            .chain(self.written_topics())
            .collect()
    }

    /// Topics that the pipeline reads and writes: a record may go round for ever.
    pub(crate) fn circular_topics(&self) -> impl Iterator<Item = &'static str> {
        self.written_topics()
            .filter(|written| self.read_topics().any(|(read, _)| read == *written))
    }

    /// Whether the pipeline needs a broker at all.
    pub(crate) fn uses_kafka(&self) -> bool {
        self.read_topics().next().is_some() || self.written_topics().next().is_some()
    }

    /// Whether some stage asks for the offsets of each commit.
    pub(crate) fn tells_commits(&self) -> bool {
        self.nodes.iter().any(|node| node.kind == NodeKind::Healed)
    }

    /// What the stages ask for of a record beside its value.
    pub(crate) fn keep(&self) -> Keep {
        let kept = self.nodes.iter().map(NodeSpec::keep);
        kept.max().unwrap_or(Keep::Nothing)
    }
}

impl NodeSpec {
    /// How many calls may be under way at once.
    pub(crate) fn places(&self) -> usize {
        match self.concurrency {
            0 => std::thread::available_parallelism().map_or(1, NonZero::get),
            places => places,
        }
    }

    fn keep(&self) -> Keep {
        match (self.carrier, self.handling.order_by) {
            (true, _) => Keep::Meta,
            (false, OrderBy::Key) => Keep::Key,
            (false, OrderBy::None | OrderBy::Partition) => Keep::Nothing,
        }
    }
}
