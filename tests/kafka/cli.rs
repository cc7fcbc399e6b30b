//! **The program tells what is wrong before it starts.** All mistakes of a configuration at once, each with the layer it
//! stands in, and exit code 78; settings that would lose records are refused with the reason. `check` and `graph` do what
//! they say.
//!
//! The bad day: `enable.auto.commit=true` in a shared configuration, and records that are committed before they are done.

use crate::support::{Broker, Child, Ended, s};

fn run(arguments: &[&str], env: &[(&str, &str)]) -> Ended {
    let folder = Child::folder(&format!(
        "cli-{}",
        arguments.join("-").replace(['/', ':', '='], "_")
    ));
    Child::start_with(&folder, "idle", arguments, env).wait(s(15))
}

#[test]
fn automatic_commits_are_refused_with_the_reason() {
    for property in ["enable.auto.commit", "enable.auto.offset.store"] {
        let given = format!("{property}=true");
        let ended = run(&["--brokers", "127.0.0.1:1", "--kafka", &given], &[]);
        ended.assert_code(78);
        ended.assert_says(&[
            property,
            "refused",
            "the command line",
            "a crash would lose records",
        ]);
    }
}

#[test]
fn all_mistakes_are_told_at_once_each_with_its_layer() {
    let env = [
        ("WATERHEALER_INTERVAL", "often"),
        ("WATERHEALER_KAFKA__ENABLE_AUTO_COMMIT", "true"),
        ("WATERHEALER_COLOUR", "blue"),
    ];
    let ended = run(&["--kafka", "no.such.property=1", "--group", ""], &env);
    ended.assert_code(78);
    ended.assert_says(&[
        "6 mistakes",
        "the environment, WATERHEALER_INTERVAL: `interval` must be a time",
        "the environment, WATERHEALER_KAFKA__ENABLE_AUTO_COMMIT",
        "there is no setting `colour`",
        "the command line: `no.such.property = 1`",
        "no consumer group",
        "no brokers are given",
    ]);
}

#[test]
fn check_tells_what_it_found() {
    let offline = run(
        &[
            "check",
            "--offline",
            "--brokers",
            "127.0.0.1:1",
            "--interval",
            "3s",
        ],
        &[],
    );
    offline.assert_code(0);
    assert!(
        offline.out.contains("idle") && offline.out.contains("3s"),
        "{offline:?}"
    );

    let broker = Broker::shared();
    if !broker.has_topic("wh-idle") {
        broker.fresh_topic("wh-idle", 6);
    }
    let online = run(&["check", "--brokers", broker.bootstrap()], &[]);
    online.assert_code(0);
    assert!(online.out.contains("wh-idle: 6 partitions"), "{online:?}");
}

#[test]
fn the_graph_is_drawn_without_a_broker() {
    let mermaid = run(&["graph"], &[]);
    mermaid.assert_code(0);
    assert!(
        mermaid.out.contains("flowchart") && mermaid.out.contains("large"),
        "{mermaid:?}"
    );

    let dot = run(&["graph", "--format", "dot"], &[]);
    dot.assert_code(0);
    assert!(dot.out.starts_with("digraph"), "{dot:?}");

    let svg = run(&["graph", "--format", "svg"], &[]);
    svg.assert_code(0);
    assert!(svg.out.starts_with("<svg "), "{svg:?}");

    let json = run(&["graph", "--format", "json"], &[]);
    json.assert_code(0);
    let graph: serde_json::Value = serde_json::from_str(&json.out).expect("it is JSON");
    let names: Vec<&str> = graph["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .filter_map(|node| node["name"].as_str())
        .collect();
    assert_eq!(names, ["read", "large", "done"], "{graph:#}");
}

#[test]
fn a_wrong_command_line_is_a_matter_of_usage() {
    let ended = run(&["--brokrs", "127.0.0.1:1"], &[]);
    ended.assert_code(2);
    ended.assert_says(&["--brokers"]);
}
