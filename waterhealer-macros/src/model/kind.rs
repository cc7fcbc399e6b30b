//! The kinds of node: the words of the attributes, told apart by their options.

use crate::parse::function::NodeFn;
use crate::symbol::Word;

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Reads from Kafka.
    Source,
    /// Is fed by hand.
    EmitSource,
    Map,
    Filter,
    FlatMap,
    Sink,
    /// Produces to Kafka.
    KafkaSink,
}

impl Kind {
    pub(crate) fn of(written: &NodeFn) -> Kind {
        let options = &written.options;
        // Both is a mistake, and a source over records the likelier one.
        let reads_topics = options.topic.given().is_some() || options.topics.given().is_some();
        match written.word {
            Word::Source if options.emit.given().is_some() && !reads_topics => Kind::EmitSource,
            Word::Source | Word::Pipeline => Kind::Source,
            Word::Map => Kind::Map,
            Word::Filter => Kind::Filter,
            Word::FlatMap => Kind::FlatMap,
            Word::Sink if options.topic.given().is_some() => Kind::KafkaSink,
            Word::Sink => Kind::Sink,
        }
    }

    pub(crate) fn is_source(self) -> bool {
        matches!(self, Kind::Source | Kind::EmitSource)
    }

    pub(crate) fn is_sink(self) -> bool {
        matches!(self, Kind::Sink | Kind::KafkaSink)
    }

    /// Whether the function's answer is a value that goes on: to other nodes, or to Kafka.
    pub(crate) fn gives_value(self) -> bool {
        !matches!(self, Kind::Filter | Kind::Sink)
    }
}
