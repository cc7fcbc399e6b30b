//! The graph as text: Mermaid, DOT and JSON. Topics are drawn as nodes of their own, so that the picture begins and
//! ends where the data does.

use std::fmt::Write as _;

use super::spec::{NodeKind, NodeSpec, Spec};

/// How a graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A Mermaid flowchart.
    Mermaid,
    /// Graphviz.
    Dot,
    /// Nodes and edges as JSON.
    Json,
}

impl Spec {
    /// The graph as text.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Mermaid => self.mermaid(),
            Format::Dot => self.dot(),
            Format::Json => self.json(),
        }
    }

    fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (index, node) in self.nodes.iter().enumerate() {
            let (open, close) = match node.kind {
                NodeKind::Source
                | NodeKind::EmitSource
                | NodeKind::LineSource
                | NodeKind::FileSource => ("([\"", "\"])"),
                NodeKind::Filter => ("{{\"", "\"}}"),
                NodeKind::FlatMap => ("[/\"", "\"\\]"),
                NodeKind::Map
                | NodeKind::Accumulate
                | NodeKind::ForeachMap
                | NodeKind::ForeachAsync => ("[\"", "\"]"),
                NodeKind::Operator | NodeKind::Healed => ("(\"", "\")"),
                NodeKind::Sink | NodeKind::KafkaSink => ("[[\"", "\"]]"),
            };
            push(
                &mut text,
                format_args!("    n{index}{open}{}{close}\n", label(node, "<br/>")),
            );
        }
        for (topic, name, end) in self.topic_ends() {
            push(&mut text, format_args!("    t{topic}[(\"{name}\")]\n"));
            match end {
                TopicEnd::ReadBy(index) => {
                    push(&mut text, format_args!("    t{topic} --> n{index}\n"))
                }
                TopicEnd::WrittenBy(index) => {
                    push(&mut text, format_args!("    n{index} --> t{topic}\n"))
                }
            }
        }
        for edge in self.edges {
            push(
                &mut text,
                format_args!("    n{} --> n{}\n", edge.from, edge.to),
            );
        }
        text
    }

    fn dot(&self) -> String {
        let mut text = format!("digraph {} {{\n    rankdir=LR;\n", quoted(self.name));
        for (index, node) in self.nodes.iter().enumerate() {
            let shape = match node.kind {
                NodeKind::Source
                | NodeKind::EmitSource
                | NodeKind::LineSource
                | NodeKind::FileSource => "oval",
                NodeKind::Filter => "hexagon",
                NodeKind::FlatMap => "trapezium",
                NodeKind::Map
                | NodeKind::Accumulate
                | NodeKind::ForeachMap
                | NodeKind::ForeachAsync => "box",
                NodeKind::Operator | NodeKind::Healed => "box, style=rounded",
                NodeKind::Sink | NodeKind::KafkaSink => "component",
            };
            let label = label(node, "\n");
            push(
                &mut text,
                format_args!("    n{index} [shape={shape}, label={}];\n", quoted(&label)),
            );
        }
        for (topic, name, end) in self.topic_ends() {
            push(
                &mut text,
                format_args!("    t{topic} [shape=cylinder, label={}];\n", quoted(name)),
            );
            match end {
                TopicEnd::ReadBy(index) => {
                    push(&mut text, format_args!("    t{topic} -> n{index};\n"))
                }
                TopicEnd::WrittenBy(index) => {
                    push(&mut text, format_args!("    n{index} -> t{topic};\n"))
                }
            }
        }
        for edge in self.edges {
            push(
                &mut text,
                format_args!("    n{} -> n{};\n", edge.from, edge.to),
            );
        }
        text.push_str("}\n");
        text
    }

    fn json(&self) -> String {
        let nodes: Vec<_> = self
            .nodes
            .iter()
            .map(|node| {
                serde_json::json!({
                    "name": node.name,
                    "kind": node.kind.name(),
                    "async": node.asynchronous,
                    "concurrency": node.concurrency,
                    "on_error": match node.on_error {
                        super::OnError::Halt => "halt",
                        super::OnError::Skip => "skip",
                    },
                    "topics": node.topics,
                    "takes": node.takes,
                    "gives": node.gives,
                    "doc": node.doc,
                })
            })
            .collect();
        let edges: Vec<_> = self
            .edges
            .iter()
            .filter_map(|edge| {
                let (from, to) = (self.nodes.get(edge.from)?, self.nodes.get(edge.to)?);
                Some(serde_json::json!({ "from": from.name, "to": to.name }))
            })
            .collect();
        let graph = serde_json::json!({ "name": self.name, "nodes": nodes, "edges": edges });
        format!("{graph:#}\n")
    }

    fn topic_ends(&self) -> impl Iterator<Item = (usize, &'static str, TopicEnd)> {
        self.nodes
            .iter()
            .enumerate()
            .flat_map(|(index, node)| {
                node.topics
                    .iter()
                    .map(move |topic| (index, node.kind, *topic))
            })
            .enumerate()
            .map(|(number, (index, kind, topic))| {
                let end = match kind {
                    NodeKind::KafkaSink => TopicEnd::WrittenBy(index),
                    _ => TopicEnd::ReadBy(index),
                };
                (number, topic, end)
            })
    }
}

enum TopicEnd {
    ReadBy(usize),
    WrittenBy(usize),
}

fn label(node: &NodeSpec, newline: &str) -> String {
    let mut text = format!("{}{newline}{}", node.name, node.kind.name());
    if node.asynchronous {
        text.push_str(" async");
    }
    if node.concurrency > 1 {
        push(&mut text, format_args!(" ×{}", node.concurrency));
    }
    text
}

fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

/// Writing to a `String` cannot fail.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _infallible = text.write_fmt(arguments);
}
