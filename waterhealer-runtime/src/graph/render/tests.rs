//! What the formats say of a pipeline with every kind of node, and of hostile text.

use super::*;
use crate::graph::{Edge, Handling};

const fn node(name: &'static str, kind: NodeKind, cardinality: Cardinality) -> NodeSpec {
    NodeSpec {
        name,
        kind,
        label: "",
        cardinality,
        asynchronous: false,
        concurrency: 1,
        on_error: OnError::Halt,
        handling: Handling::USUAL,
        topics: &[],
        path: "",
        properties: &[],
        breaker: None,
        checkpoint: false,
        carrier: false,
        takes: "",
        gives: "",
        doc: "",
    }
}

const fn operator(name: &'static str, label: &'static str, cardinality: Cardinality) -> NodeSpec {
    NodeSpec {
        label,
        ..node(name, NodeKind::Operator, cardinality)
    }
}

const fn edge(from: usize, to: usize, port: usize) -> Edge {
    Edge { from, to, port }
}

/// Every kind of node, an operator with two inputs, and an arrow past other nodes.
pub(super) const EVERYTHING: Spec = Spec {
    name: "everything",
    settings: &[],
    nodes: &[
        NodeSpec {
            topics: &["orders", "returns"],
            gives: "Order",
            doc: "Decodes an order.",
            ..node("order", NodeKind::Source, Cardinality::Start)
        },
        node("by_hand", NodeKind::EmitSource, Cardinality::Start),
        NodeSpec {
            path: "words.txt",
            ..node("line", NodeKind::LineSource, Cardinality::Start)
        },
        NodeSpec {
            path: "data/*.csv",
            ..node("name", NodeKind::FileSource, Cardinality::Start)
        },
        NodeSpec {
            asynchronous: true,
            concurrency: 16,
            on_error: OnError::Skip,
            takes: "Order",
            gives: "Result<Priced, String>",
            ..node("price", NodeKind::Map, Cardinality::One)
        },
        node("large", NodeKind::Filter, Cardinality::Subset),
        node("words", NodeKind::FlatMap, Cardinality::Many),
        node("total", NodeKind::Accumulate, Cardinality::One),
        operator("zip_1", "zip(words)", Cardinality::Merge),
        operator(
            "partition_1",
            "partition(5, within = \"1s\")",
            Cardinality::Regroup,
        ),
        node("each", NodeKind::ForeachMap, Cardinality::One),
        node("together", NodeKind::ForeachAsync, Cardinality::One),
        node("store", NodeKind::Sink, Cardinality::End),
        NodeSpec {
            topics: &["priced"],
            ..node("publish", NodeKind::KafkaSink, Cardinality::End)
        },
        node("healed", NodeKind::Healed, Cardinality::Start),
    ],
    edges: &[
        edge(0, 4, 0),
        edge(1, 4, 0),
        edge(2, 6, 0),
        edge(3, 6, 0),
        edge(4, 5, 0),
        edge(4, 13, 0),
        edge(5, 7, 0),
        edge(7, 8, 0),
        edge(6, 8, 1),
        edge(8, 9, 0),
        edge(9, 10, 0),
        edge(9, 11, 0),
        edge(10, 12, 0),
        edge(11, 12, 0),
        edge(0, 12, 0),
    ],
};

#[test]
fn every_text_format_shows_every_node_and_edge() {
    let blocks = EVERYTHING.nodes.len() + 5;
    let arrows = EVERYTHING.edges.len() + 5;
    let mermaid = EVERYTHING.render(Format::Mermaid);
    assert_eq!(mermaid.matches(" --> ").count(), arrows);
    assert_eq!(mermaid.lines().count(), 1 + blocks + arrows);
    let dot = EVERYTHING.render(Format::Dot);
    assert_eq!(dot.matches(" -> ").count(), arrows);
    assert_eq!(dot.matches("shape=").count(), blocks);
    let json: serde_json::Value = serde_json::from_str(&EVERYTHING.render(Format::Json)).unwrap();
    assert_eq!(
        json["nodes"].as_array().unwrap().len(),
        EVERYTHING.nodes.len()
    );
    assert_eq!(
        json["edges"].as_array().unwrap().len(),
        EVERYTHING.edges.len()
    );
}

#[test]
fn operators_are_shown_as_written_with_what_they_do_to_numbers() {
    let mermaid = EVERYTHING.render(Format::Mermaid);
    let label = "n9(\"partition(5, within = #quot;1s#quot;)<br/>several → 1\")";
    assert!(mermaid.contains(label), "{mermaid}");
    let dot = EVERYTHING.render(Format::Dot);
    let label = r#"label="partition(5, within = \"1s\")\nseveral → 1""#;
    assert!(dot.contains(label), "{dot}");
}

#[test]
fn inputs_are_numbered_where_a_node_has_several() {
    let mermaid = EVERYTHING.render(Format::Mermaid);
    assert!(mermaid.contains("n7 -- \"input 1\" --> n8\n"), "{mermaid}");
    assert!(mermaid.contains("n6 -- \"input 2\" --> n8\n"), "{mermaid}");
    assert_eq!(
        mermaid.matches("input").count(),
        2,
        "a union has no inputs to tell apart"
    );
}

#[test]
fn a_healed_node_stands_apart() {
    let picture = Picture::of(&EVERYTHING);
    let mut blocks = picture.blocks.iter();
    let healed = blocks.position(|block| block.form == Form::Healed).unwrap();
    let mut arrows = picture.arrows.iter();
    assert!(!arrows.any(|arrow| arrow.from == healed || arrow.to == healed));
}

#[test]
fn a_topic_is_one_block_for_all_that_write_it_and_another_for_who_reads_it() {
    const WRITES: NodeSpec = NodeSpec {
        topics: &["round"],
        ..node("write", NodeKind::KafkaSink, Cardinality::End)
    };
    const READS: NodeSpec = NodeSpec {
        topics: &["round"],
        ..node("read", NodeKind::Source, Cardinality::Start)
    };
    const ROUND: Spec = Spec {
        name: "round",
        settings: &[],
        nodes: &[READS, WRITES, WRITES],
        edges: &[edge(0, 1, 0), edge(0, 2, 0)],
    };
    let picture = Picture::of(&ROUND);
    let topics = picture
        .blocks
        .iter()
        .filter(|block| block.form == Form::Topic);
    assert_eq!(topics.count(), 2);
    let arrows: Vec<_> = picture
        .arrows
        .iter()
        .map(|arrow| (arrow.from, arrow.to))
        .collect();
    assert_eq!(arrows, [(3, 0), (1, 4), (2, 4), (0, 1), (0, 2)]);
}

#[test]
fn a_file_is_no_topic_of_its_name() {
    const TOPIC: NodeSpec = NodeSpec {
        topics: &["words"],
        ..node("record", NodeKind::Source, Cardinality::Start)
    };
    const FILE: NodeSpec = NodeSpec {
        path: "words",
        ..node("line", NodeKind::LineSource, Cardinality::Start)
    };
    const BOTH: Spec = Spec {
        name: "both",
        settings: &[],
        nodes: &[TOPIC, FILE, FILE],
        edges: &[],
    };
    let picture = Picture::of(&BOTH);
    let ends: Vec<_> = picture.blocks[3..]
        .iter()
        .map(|block| (block.title.as_str(), block.tip.as_str()))
        .collect();
    assert_eq!(ends, [("words", "topic"), ("words", "file")]);
    let arrows = picture.arrows.iter();
    let arrows: Vec<_> = arrows.map(|arrow| (arrow.from, arrow.to)).collect();
    assert_eq!(arrows, [(3, 0), (4, 1), (4, 2)]);
    let json: serde_json::Value = serde_json::from_str(&BOTH.render(Format::Json)).unwrap();
    assert_eq!(json["nodes"][1]["path"], "words");
}

#[test]
fn hostile_text_stays_text() {
    const LABEL: &str = "unique(key = |x| &x[\"<b>#`\\\"])";
    const HOSTILE: Spec = Spec {
        name: "hostile",
        settings: &[],
        nodes: &[operator("unique_1", LABEL, Cardinality::Subset)],
        edges: &[],
    };
    let mermaid = HOSTILE.render(Format::Mermaid);
    let label = "unique(key = |x| #amp;x[#quot;#lt;b#gt;#35;#96;\\#quot;])<br/>";
    assert!(mermaid.contains(label), "{mermaid}");
    let dot = HOSTILE.render(Format::Dot);
    let label = r#"unique(key = |x| &x[\"<b>#`\\\"])\n"#;
    assert!(dot.contains(label), "{dot}");
    let svg = HOSTILE.render(Format::Svg);
    let label = "unique(key = |x| &amp;x[&quot;&lt;b&gt;#`\\&quot;])</text>";
    assert!(svg.contains(label), "{svg}");
    let json: serde_json::Value = serde_json::from_str(&HOSTILE.render(Format::Json)).unwrap();
    assert_eq!(json["nodes"][0]["label"], LABEL);
}

#[test]
fn what_becomes_of_calls_that_fail_is_shown() {
    use crate::graph::{Breaker, DeadLetter, OrderBy, Retry, Share, Style};
    use std::time::Duration;
    const BY_SOURCE: OnError = OnError::DeadLetter(DeadLetter {
        topic: None,
        style: Style::Spring,
    });
    const NAMED: OnError = OnError::DeadLetter(DeadLetter {
        topic: Some("panics"),
        style: Style::Connect,
    });
    const PRICE: NodeSpec = NodeSpec {
        concurrency: 0,
        on_error: BY_SOURCE,
        handling: Handling {
            on_panic: NAMED,
            retry: Some(Retry {
                max: 5,
                from: Duration::from_millis(100),
                to: Duration::from_secs(10),
                jitter: true,
            }),
            timeout: Some(Duration::from_secs(30)),
            order_by: OrderBy::Key,
            blocking: true,
            flush: "write_out",
        },
        breaker: Some(Breaker {
            consecutive: None,
            share: Some(Share {
                percent: 50,
                of: 200,
            }),
            rows: false,
        }),
        ..node("price", NodeKind::Sink, Cardinality::End)
    };
    const FAILING: Spec = Spec {
        name: "failing",
        settings: &[("group", "billing")],
        nodes: &[
            NodeSpec {
                topics: &["orders", "returns"],
                ..node("order", NodeKind::Source, Cardinality::Start)
            },
            PRICE,
        ],
        edges: &[edge(0, 1, 0)],
    };
    const IN_NO_GROUP: Spec = Spec {
        settings: &[],
        ..FAILING
    };
    let json = FAILING.render(Format::Json);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let price = &json["nodes"][1];
    let said = serde_json::json!({
        "concurrency": null,
        "blocking": true,
        "order_by": "key",
        "timeout_ms": 30_000,
        "retry": { "max": 5, "from_ms": 100, "to_ms": 10_000, "jitter": true },
        "on_error": "dead_letter",
        "on_panic": "dead_letter",
        "dead_letters": [
            { "on": "error", "topics": ["orders.billing.dlq", "returns.billing.dlq"], "style": "spring" },
            { "on": "panic", "topics": ["panics"], "style": "connect" },
        ],
        "breaker": { "consecutive": null, "share": { "percent": 50, "of": 200 }, "rows": false },
        "flush": "write_out",
    });
    for (name, value) in said.as_object().unwrap() {
        assert_eq!(&price[name], value, "{name}");
    }
    let order = &json["nodes"][0];
    assert_eq!(order["concurrency"], 1);
    for unsaid in ["timeout_ms", "retry", "breaker", "flush"] {
        assert!(order[unsaid].is_null(), "{unsaid}");
    }
    let dot = IN_NO_GROUP.render(Format::Dot);
    let tip = "an error sends the record to orders.<group>.dlq, returns.<group>.dlq\\na panic sends the record to panics";
    assert!(dot.contains(tip), "{dot}");
    assert!(
        dot.contains("sink, blocking\""),
        "no number of calls: {dot}"
    );
}
