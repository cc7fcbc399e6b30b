//! What is valid, and how mistakes are told.

use super::*;
use crate::graph::{Cardinality, Handling, NodeKind, NodeSpec, OnError};

const NODE: NodeSpec = NodeSpec {
    name: "order",
    kind: NodeKind::Source,
    label: "",
    cardinality: Cardinality::Start,
    asynchronous: false,
    concurrency: 1,
    on_error: OnError::Halt,
    handling: Handling::USUAL,
    topics: &["orders"],
    path: "",
    properties: &[("auto.offset.reset", "latest")],
    breaker: None,
    checkpoint: false,
    carrier: false,
    takes: "&Record",
    gives: "Order",
    doc: "",
};
const SPEC: Spec = Spec {
    name: "billing",
    settings: &[("group", "billing"), ("interval", "5s")],
    nodes: &[NODE],
    edges: &[],
};

#[test]
fn later_layers_win() {
    let mut config = Config::new().brokers("a:1");
    config.set_from_command_line("group", "other");
    let settings = config.settle(&SPEC).unwrap();
    assert_eq!(settings.group, "other");
    assert_eq!(settings.interval, Duration::from_secs(5));
    assert_eq!(settings.consumer["auto.offset.reset"], "latest");
    assert_eq!(settings.consumer["enable.auto.commit"], "false");
    let settings = config.from_beginning().settle(&SPEC).unwrap();
    assert_eq!(settings.consumer["auto.offset.reset"], "earliest");
}

#[test]
fn a_variable_for_many_programs_gives_way_to_everything_else() {
    let entry = |layer, value: &str| Entry {
        layer,
        key: "kafka.bootstrap.servers".to_owned(),
        value: value.to_owned(),
    };
    let fallback = entry(Layer::Fallback("KAFKA_BOOTSTRAP_SERVERS".to_owned()), "b:2");
    let mut config = Config::new();
    config.entries.push(fallback.clone());
    let alone = config.settle(&SPEC).unwrap();
    assert_eq!(alone.consumer["bootstrap.servers"], "b:2");
    let file = entry(Layer::File("waterhealer.toml".to_owned()), "a:1");
    config.entries = vec![file, fallback];
    let settings = config.settle(&SPEC).unwrap();
    assert_eq!(settings.consumer["bootstrap.servers"], "a:1");
}

#[test]
fn half_the_session_is_for_draining() {
    let config = Config::new()
        .brokers("a:1")
        .kafka("session.timeout.ms", "6000");
    let settings = config.settle(&SPEC).unwrap();
    assert_eq!(settings.drain_timeout, Duration::from_secs(3));
}

#[test]
fn all_mistakes_are_told_at_once_with_their_layer() {
    let mut config = Config::new()
        .set("intervall", "1s")
        .set("interval", "soon")
        .kafka("enable.auto.commit", "true")
        .kafka("fetch.min.bites", "1");
    config.set_from_command_line("max_in_flight", "0");
    let error = config.settle(&SPEC).unwrap_err().to_string();
    assert!(
        error.starts_with("the configuration has 6 mistakes:"),
        "{error}"
    );
    for part in [
        "no setting `intervall`",
        "`interval` must be a time",
        "a crash would lose records",
        "fetch.min.bites",
        "the command line: `max_in_flight`",
        "no brokers are given",
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn a_pipeline_that_reads_kafka_needs_a_group() {
    let spec = Spec {
        settings: &[],
        ..SPEC
    };
    let error = Config::new().brokers("a:1").settle(&spec).unwrap_err();
    assert!(error.to_string().contains("no consumer group"));
}
