//! The kinds of node: the words of the attributes, told apart by their options.

use crate::operator::Cardinality;
use crate::parse::function::NodeFn;
use crate::symbol::Word;

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Reads from Kafka.
    Source,
    /// Is fed by hand.
    EmitSource,
    /// Reads the lines of a file.
    LineSource,
    /// Reads the names of files.
    FileSource,
    Map,
    Filter,
    FlatMap,
    /// Carries a state from call to call.
    Accumulate,
    /// Called with each element of a batch.
    ForeachMap,
    ForeachAsync,
    Sink,
    /// Produces to Kafka.
    KafkaSink,
    /// Called with the offsets of each commit: beside the graph.
    Healed,
}

impl Kind {
    pub(crate) fn of(written: &NodeFn) -> Kind {
        let options = &written.options;
        // Both is a mistake, and a source over records the likelier one.
        let reads_topics = options.topic.given().is_some() || options.topics.given().is_some();
        match written.word {
            Word::Source | Word::Pipeline if reads_topics => Kind::Source,
            Word::Source if options.emit.given().is_some() => Kind::EmitSource,
            Word::Source if options.lines.given().is_some() => Kind::LineSource,
            Word::Source if options.files.given().is_some() => Kind::FileSource,
            Word::Source | Word::Pipeline => Kind::Source,
            Word::Map => Kind::Map,
            Word::Filter => Kind::Filter,
            Word::FlatMap => Kind::FlatMap,
            Word::Accumulate => Kind::Accumulate,
            Word::ForeachMap => Kind::ForeachMap,
            Word::ForeachAsync => Kind::ForeachAsync,
            Word::Healed => Kind::Healed,
            Word::Sink if options.topic.given().is_some() => Kind::KafkaSink,
            Word::Sink => Kind::Sink,
        }
    }

    pub(crate) fn is_source(self) -> bool {
        self == Kind::Source || self == Kind::EmitSource || self.reads_files()
    }

    /// Whether the runtime reads files for it.
    pub(crate) fn reads_files(self) -> bool {
        matches!(self, Kind::LineSource | Kind::FileSource)
    }

    pub(crate) fn is_sink(self) -> bool {
        matches!(self, Kind::Sink | Kind::KafkaSink)
    }

    /// Whether other nodes can take from it.
    pub(crate) fn gives(self) -> bool {
        !matches!(self, Kind::Sink | Kind::KafkaSink | Kind::Healed)
    }

    /// Whether the function's answer is a value that goes on: to other nodes, or to Kafka.
    pub(crate) fn gives_value(self) -> bool {
        !matches!(self, Kind::Filter | Kind::Sink | Kind::Healed)
    }

    /// How many values come out for one; `None` where none goes in or none comes out.
    pub(crate) fn cardinality(self) -> Option<Cardinality> {
        match self {
            Kind::Source | Kind::EmitSource | Kind::LineSource | Kind::FileSource => None,
            Kind::Sink | Kind::KafkaSink | Kind::Healed => None,
            Kind::Map | Kind::Accumulate | Kind::ForeachMap | Kind::ForeachAsync => {
                Some(Cardinality::One)
            }
            Kind::Filter => Some(Cardinality::Subset),
            Kind::FlatMap => Some(Cardinality::Many),
        }
    }
}
