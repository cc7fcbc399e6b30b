//! Zips and other joins of several sources, in a circle, with slips in names, with too many inputs.

use super::assert_findings;
use super::pairing::{ORDER, assert_pairs, assert_refused, filter, flat_map, graph, map, sink};

const OTHER: &str = "#[source(topic = \"others\")] fn other(record: &Record<'_>) -> A { x }";

#[test]
fn sources_apart_pair_by_arrival_and_say_hold() {
    let nodes = format!("{ORDER} {OTHER} {}", map("left", "order"));
    for zip in [
        "left.zip(other, hold)",
        "left.zip(other.delay(\"1s\"), \"x\", hold)",
    ] {
        assert_pairs(&format!("{nodes} {}", sink(zip)), &["by arrival"], &[]);
    }
    let three = "#[source(emit)] fn third(x: A) -> A { x }";
    assert_pairs(
        &format!("{nodes} {three} {}", sink("left.zip(other, third, hold)")),
        &["by arrival"],
        &[],
    );
    // What is multiplied pairs by arrival like everything else.
    assert_pairs(
        &format!(
            "{nodes} {}",
            sink("left.flatten().zip(other.partition_time(\"1s\"), hold)")
        ),
        &["by arrival"],
        &[],
    );
}

#[test]
fn sources_shared_by_some_are_refused() {
    let nodes = format!("{ORDER} {OTHER} {}", map("left", "order"));
    for zip in [
        "order.zip(other, left)",
        "left.zip(order.union(other))",
        "order.zip(other, hold).zip(left, hold)",
    ] {
        let told: &[&str] = match zip.matches("zip").count() {
            1 => &["mixed"],
            _ => &["mixed", "by arrival"],
        };
        assert_refused(&format!("{nodes} {}", sink(zip)), told);
    }
}

#[test]
fn branches_of_the_same_sources_pair_by_record() {
    let both = |nodes: &[String]| {
        format!(
            "{ORDER} {OTHER} {} {}",
            nodes.join(" "),
            sink("left.zip(right)")
        )
    };
    let left = map("left", "order.union(other)");
    assert_pairs(
        &both(&[left.clone(), filter("right", "other.union(order)")]),
        &["by record of sources"],
        &[],
    );
    // One node in front of both.
    let one = [
        map("one", "order.union(other)"),
        map("left", "one"),
        map("right", "one"),
    ];
    assert_pairs(&both(&one), &["by record of one"], &[]);
    assert_refused(
        &both(&[left.clone(), flat_map("right", "order.union(other)")]),
        &["right multiplies sources"],
    );
    assert_refused(
        &both(&[left.clone(), map("right", "order.zip(other, hold)")]),
        &["by arrival", "right_zip multiplies sources"],
    );
    let twice = [
        left,
        map("again", "order"),
        map("right", "order.union(again, other)"),
    ];
    assert_refused(&both(&twice), &["sources comes twice"]);
    let batched = "#[source(topic = \"t\", batch = 5, within = \"1s\")] fn rows(record: &Record<'_>) -> A { x }";
    let nodes = [
        batched.to_owned(),
        "#[map(from = rows.union(order))] fn left(x: A) -> A { x }".to_owned(),
        "#[map(from = rows.union(order))] fn right(x: A) -> A { x }".to_owned(),
    ];
    assert_pairs(
        &graph(&nodes, "left.zip(right)"),
        &["by record of sources"],
        &[],
    );
}

#[test]
fn circles_are_told_as_circles() {
    let nodes = [map("a", "order.zip(b)"), map("b", "a")];
    assert_findings(&[(&graph(&nodes, "b"), &[("WH0003", "b")])]);
    let nodes = [
        map("a", "order.zip(c, b)"),
        map("b", "a.zip(c)"),
        map("c", "b.zip(order)"),
    ];
    let found = super::findings(&graph(&nodes, "a.zip(b, c)"));
    assert!(found.iter().all(|(code, _)| code == "WH0003"), "{found:?}");
    assert!(!found.is_empty());
    assert_findings(&[(&graph(&[map("a", "a.zip(a)")], "order"), &[("WH0003", "a")])]);
}

#[test]
fn a_slip_in_a_name_is_told_once() {
    let nodes = [map("left", "order"), flat_map("right", "order")];
    assert_findings(&[
        (
            &graph(&nodes[..1], "left.zip(ordre)"),
            &[("WH0004", "ordre")],
        ),
        (
            &graph(&nodes[..1], "left.zip(elephant)"),
            &[("WH0004", "elephant")],
        ),
        (
            &graph(&nodes[..1], "left.zip(order, hodl)"),
            &[("WH0004", "hodl")],
        ),
    ]);
    let found = super::messages(
        "",
        &format!(
            "mod x {{ {} }}",
            graph(&nodes[..1], "left.zip(order, hodl)")
        ),
    );
    assert!(
        found[0].2.ends_with("did you mean the option `hold`?"),
        "{}",
        found[0].2
    );
}

#[test]
fn a_join_has_six_inputs_at_most() {
    let nodes: Vec<String> = (0..6).map(|n| map(&format!("n{n}"), "order")).collect();
    let zip = |operator: &str, others: usize| {
        let names: Vec<String> = (0..others).map(|n| format!("n{n}")).collect();
        let spare =
            sink(&format!("order.union({})", "n0, n1, n2, n3, n4, n5")).replace("end", "spare");
        format!(
            "{} {spare}",
            graph(
                &nodes,
                &format!("order.{operator}({}, \"x\")", names.join(", "))
            )
        )
    };
    assert_findings(&[
        (&zip("zip", 5), &[]),
        (&zip("zip", 6), &[("WH0073", "n5")]),
        (
            &zip("zip_latest", 6).replace(", \"x\"", ", hold"),
            &[("WH0073", "n5")],
        ),
        (
            &zip("combine_latest", 6).replace(", \"x\"", ""),
            &[("WH0073", "n5")],
        ),
    ]);
}

#[test]
fn many_zips_after_one_another() {
    let mut chain = Vec::new();
    let mut last = "order".to_owned();
    for n in 0..30 {
        chain.push(map(&format!("l{n}"), &last));
        chain.push(map(&format!("z{n}"), &format!("{last}.zip(l{n})")));
        last = format!("z{n}");
    }
    let expected: Vec<String> = (0..30)
        .map(|n: usize| match n.checked_sub(1) {
            None => "by record of order".to_owned(),
            Some(before) => format!("by record of z{before}"),
        })
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_pairs(&graph(&chain, "z29"), &expected, &[]);
    // All of them once more in one.
    assert_pairs(
        &graph(
            &[
                map("a", "order"),
                map("b", "a.zip(order)"),
                map("c", "b.zip(a)"),
            ],
            "c.zip(b, a)",
        ),
        &[
            "by record of order",
            "by record of order",
            "by record of order",
        ],
        &[],
    );
}
