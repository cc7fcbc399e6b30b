//! The graph to look at: one file a format, and here what the pictures share, which is their blocks and arrows. Topics
//! and files are blocks of their own, so that a picture begins and ends where the data does.

mod dot;
mod json;
mod mermaid;
mod svg;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use super::policy::OnError;
use super::spec::{Cardinality, NodeKind, NodeSpec, Spec};

/// Stands for the group in the name of a dead-letter topic, where the configuration is to say it.
const UNSAID: &str = "<group>";

/// How a graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A Mermaid flowchart.
    Mermaid,
    /// Graphviz.
    Dot,
    /// A picture, for light and dark backgrounds.
    Svg,
    /// Nodes and edges as JSON.
    Json,
}

impl Spec {
    /// The graph as text.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Mermaid => mermaid::mermaid(&Picture::of(self)),
            Format::Dot => dot::dot(&Picture::of(self)),
            Format::Svg => svg::svg(&Picture::of(self)),
            Format::Json => json::json(self),
        }
    }
}

/// What is drawn: nodes, topics and files, and the ways of values between them.
#[derive(Debug)]
struct Picture {
    name: String,
    blocks: Vec<Block>,
    arrows: Vec<Arrow>,
}

/// A node, a topic, or what stands for files.
#[derive(Debug)]
struct Block {
    id: String,
    form: Form,
    /// Its name, or the operator as it is written.
    title: String,
    /// What it is and how many values come out of it.
    notes: Vec<String>,
    /// What there is to say beyond that.
    tip: String,
}

/// The shapes that a reader tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Files too: what a pipeline reads and writes.
    Topic,
    Source,
    Map,
    Filter,
    FlatMap,
    Accumulate,
    Foreach,
    Sink,
    Healed,
    Operator,
}

/// A way from block to block, by their indices.
#[derive(Debug)]
struct Arrow {
    from: usize,
    to: usize,
    /// The number of the input it leads to, from 1, where a node has several.
    input: Option<usize>,
}

impl Picture {
    fn of(spec: &Spec) -> Picture {
        let nodes = spec.nodes.iter().enumerate();
        let mut picture = Picture {
            name: spec.name.to_owned(),
            blocks: nodes
                .map(|(index, node)| Block::node(spec, index, node))
                .collect(),
            arrows: Vec::new(),
        };
        picture.add_topics(spec);
        let known = |index: usize| index < spec.nodes.len();
        let has_ports = |node| {
            let mut edges = spec.edges.iter();
            edges.any(|edge| edge.to == node && edge.port > 0)
        };
        let edges = spec.edges.iter();
        let edges = edges.filter(|edge| known(edge.from) && known(edge.to));
        picture.arrows.extend(edges.map(|edge| Arrow {
            from: edge.from,
            to: edge.to,
            input: has_ports(edge.to).then_some(edge.port + 1),
        }));
        picture
    }

    /// A topic is drawn once for all that read it, and once for all that write it: one that is read and written stands at
    /// both ends, and the picture has no circle. A file is only ever read.
    fn add_topics(&mut self, spec: &Spec) {
        let mut drawn: Vec<(&str, &str, bool)> = Vec::new();
        for (
            node,
            NodeSpec {
                kind, topics, path, ..
            },
        ) in spec.nodes.iter().enumerate()
        {
            let written = *kind == NodeKind::KafkaSink;
            let topics = topics.iter().map(|topic| (*topic, "topic", written));
            let file = match kind {
                NodeKind::LineSource => Some((*path, "file", false)),
                NodeKind::FileSource => Some((*path, "files", false)),
                _ => None,
            };
            for end in topics.chain(file) {
                let at = drawn.iter().position(|other| *other == end);
                let at = at.unwrap_or(drawn.len());
                if at == drawn.len() {
                    drawn.push(end);
                    self.blocks.push(Block::topic(at, end.0, end.1));
                }
                let topic = spec.nodes.len() + at;
                let (from, to) = if written {
                    (node, topic)
                } else {
                    (topic, node)
                };
                self.arrows.push(Arrow {
                    from,
                    to,
                    input: None,
                });
            }
        }
    }
}

impl Block {
    fn node(spec: &Spec, index: usize, node: &NodeSpec) -> Block {
        let title = if node.label.is_empty() {
            node.name
        } else {
            node.label
        };
        let notes = [what(node), how_many(node.cardinality).to_owned()];
        Block {
            id: format!("n{index}"),
            form: form(node.kind),
            title: title.to_owned(),
            notes: notes.into_iter().filter(|note| !note.is_empty()).collect(),
            tip: tip(spec, index, node),
        }
    }

    fn topic(index: usize, name: &str, what: &str) -> Block {
        Block {
            id: format!("t{index}"),
            form: Form::Topic,
            title: name.to_owned(),
            notes: Vec::new(),
            tip: what.to_owned(),
        }
    }
}

fn form(kind: NodeKind) -> Form {
    match kind {
        NodeKind::Source | NodeKind::EmitSource | NodeKind::LineSource | NodeKind::FileSource => {
            Form::Source
        }
        NodeKind::Map => Form::Map,
        NodeKind::Filter => Form::Filter,
        NodeKind::FlatMap => Form::FlatMap,
        NodeKind::Accumulate => Form::Accumulate,
        NodeKind::ForeachMap | NodeKind::ForeachAsync => Form::Foreach,
        NodeKind::Sink | NodeKind::KafkaSink => Form::Sink,
        NodeKind::Healed => Form::Healed,
        NodeKind::Operator => Form::Operator,
    }
}

/// What a node is, in words. An operator's label says it already.
fn what(node: &NodeSpec) -> String {
    let mut text = match node.kind {
        NodeKind::Source => "source",
        NodeKind::EmitSource => "source, by hand",
        NodeKind::LineSource => "source of lines",
        NodeKind::FileSource => "source of file names",
        NodeKind::Map => "map",
        NodeKind::Filter => "filter",
        NodeKind::FlatMap => "flat_map",
        NodeKind::Accumulate => "accumulate",
        NodeKind::ForeachMap => "foreach_map",
        NodeKind::ForeachAsync => "foreach_async",
        NodeKind::Sink | NodeKind::KafkaSink => "sink",
        NodeKind::Healed => "healed, after each commit",
        NodeKind::Operator => return String::new(),
    }
    .to_owned();
    if node.asynchronous {
        text.push_str(", async");
    }
    if node.handling.blocking {
        text.push_str(", blocking");
    }
    if node.concurrency > 1 {
        push(&mut text, format_args!(" ×{}", node.concurrency));
    }
    text
}

/// Values in, values out. Where values begin and end there is nothing to compare.
fn how_many(cardinality: Cardinality) -> &'static str {
    match cardinality {
        Cardinality::Start | Cardinality::End => "",
        Cardinality::One => "1 → 1",
        Cardinality::Subset => "1 → 0 or 1",
        Cardinality::Many => "1 → any number",
        Cardinality::Regroup => "several → 1",
        Cardinality::Merge => "1 of each → 1",
    }
}

fn tip(spec: &Spec, index: usize, node: &NodeSpec) -> String {
    let mut lines = vec![node.doc.to_owned()];
    if !node.takes.is_empty() {
        lines.push(format!("takes {}", node.takes));
    }
    if !node.gives.is_empty() {
        lines.push(format!("gives {}", node.gives));
    }
    let policies = [
        ("an error", node.on_error),
        ("a panic", node.handling.on_panic),
    ];
    for (what, policy) in policies {
        match policy {
            OnError::Halt => {}
            OnError::Skip => lines.push(format!("{what} skips the record")),
            OnError::DeadLetter(_) => {
                let topics = spec.letter_topics(index, policy, spec.group_or(UNSAID));
                lines.push(format!("{what} sends the record to {}", topics.join(", ")));
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Writing to a `String` cannot fail.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _infallible = text.write_fmt(arguments);
}
