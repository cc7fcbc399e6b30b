//! How zips pair, of branches of one source: which graphs are refused, what is paired by record, where values get names of
//! their own. Several sources, and graphs that are no graphs, are in `joins`.

use super::{assert_findings, tokens};
use crate::diag::Diagnostics;
use crate::model::pairing::{Fork, Pairing};
use crate::{model, parse};

pub(super) const ORDER: &str =
    "#[source(topic = \"orders\")] fn order(record: &Record<'_>) -> A { x }";
const UNPAIRED: &str = "WH0100";

pub(super) fn map(name: &str, from: &str) -> String {
    format!("#[map(from = {from})] fn {name}(x: A) -> A {{ x }}")
}

pub(super) fn filter(name: &str, from: &str) -> String {
    format!("#[filter(from = {from})] fn {name}(x: &A) -> bool {{ x }}")
}

pub(super) fn flat_map(name: &str, from: &str) -> String {
    format!("#[flat_map(from = {from})] fn {name}(x: A) -> Vec<A> {{ x }}")
}

pub(super) fn sink(from: &str) -> String {
    format!("#[sink(from = {from})] fn end(x: B) {{}}")
}

/// A graph around one source: what stands after it, and the expression of the sink.
pub(super) fn graph(nodes: &[String], end: &str) -> String {
    format!("{ORDER} {} {}", nodes.join(" "), sink(end))
}

/// The pairings of all zips of several, in the order they are written, with names for vertices; and the named forks.
fn pairings(contents: &str) -> (Vec<String>, Vec<String>) {
    let diag = Diagnostics::new();
    let options = parse::pipeline::parse_pipeline_options(tokens("group = \"g\""), &diag);
    let item = tokens(&format!("mod shop {{ {contents} }}"));
    let module = parse::module::parse_module(&item, &diag).expect("it is a module");
    assert!(diag.findings().is_empty());
    let pipeline = model::lower_pipeline(&module, &options);
    let name = |vertex: usize| match pipeline.graph.step(vertex) {
        Some(step) => step.ident.to_string(),
        None => pipeline.nodes[vertex].name.to_string(),
    };
    let fork = |fork: Fork| match fork {
        Fork::At(vertex) => name(vertex),
        Fork::Sources => "sources".to_owned(),
    };
    let zips = pipeline.graph.vertices();
    let told = zips.filter_map(|(vertex, _)| pipeline.pairing(vertex));
    let told = told.map(|pairing| match pairing {
        Pairing::ByRecord { fork: at } => format!("by record of {}", fork(at)),
        Pairing::ByArrival => "by arrival".to_owned(),
        Pairing::Multiplied { fork: at, culprit } => {
            format!("{} multiplies {}", name(culprit), fork(at))
        }
        Pairing::Doubled { fork: at } => format!("{} comes twice", fork(at)),
        Pairing::Mixed => "mixed".to_owned(),
    });
    let told = told.collect();
    (
        told,
        pipeline.forks().iter().map(|fork| name(*fork)).collect(),
    )
}

/// Asserts that a graph is accepted, and how its zips pair.
pub(super) fn assert_pairs(contents: &str, expected: &[&str], forks: &[&str]) {
    assert_findings(&[(contents, &[])]);
    let (told, named) = pairings(contents);
    assert_eq!(told, expected, "in: {contents}");
    assert_eq!(named, forks, "in: {contents}");
}

pub(super) fn assert_refused(contents: &str, told: &[&str]) {
    let findings: Vec<(&str, &str)> = told
        .iter()
        .filter(|told| !told.starts_with("by "))
        .map(|_| (UNPAIRED, "zip"))
        .collect();
    assert_findings(&[(contents, &findings)]);
    assert_eq!(pairings(contents).0, told, "in: {contents}");
}

#[test]
fn a_diamond_pairs_by_record() {
    let (left, right) = (map("left", "order"), map("right", "order"));
    for branches in [
        [left.clone(), right.clone()],
        [left.clone(), filter("right", "order")],
        [filter("left", "order"), filter("right", "order")],
        [left.clone(), map("right", "order.delay(\"1s\")")],
        [left.clone(), map("right", "order.rate_limit(\"1s\")")],
        [left.clone(), map("right", "order.slice(0, 10)")],
        [left.clone(), map("right", "order.unique()")],
        [left.clone(), map("right", "order.pluck(total)")],
        [left.clone(), map("right", "order.zip(\"a\", 1)")],
        [
            left.clone(),
            map("right", "order.buffer(5)").replace("fn", "async fn"),
        ],
        [
            left.clone(),
            map("right", "order.latest()").replace("fn", "async fn"),
        ],
        [
            left.clone(),
            right.replace("order)] fn", "order, concurrency = 8)] async fn"),
        ],
        [
            left.clone(),
            "#[accumulate(from = order, start = 0, volatile)] fn right(a: u8, x: A) -> u8 { a }"
                .to_owned(),
        ],
        [
            left,
            "#[foreach_map(from = order)] fn right(x: A) -> A { x }".to_owned(),
        ],
    ] {
        assert_pairs(
            &graph(&branches, "left.zip(right)"),
            &["by record of order"],
            &[],
        );
    }
}

#[test]
fn a_branch_may_be_the_fork_itself() {
    let left = [map("left", "order")];
    assert_pairs(
        &graph(&left, "order.zip(left)"),
        &["by record of order"],
        &[],
    );
    assert_pairs(
        &graph(&left, "left.zip(order)"),
        &["by record of order"],
        &[],
    );
    assert_pairs(
        &graph(&left, "left.zip(order, left.delay(\"1s\"))"),
        &["by record of order"],
        &[],
    );
    assert_pairs(
        &graph(&[], "order.zip(order.delay(\"1s\"))"),
        &["by record of order"],
        &[],
    );
    assert_pairs(
        &graph(&[], "order.pluck(a).zip(order.pluck(b), 5)"),
        &["by record of order"],
        &[],
    );
}

#[test]
fn a_fork_further_on_is_the_fork() {
    let nodes = [
        map("one", "order"),
        filter("fork", "one"),
        map("left", "fork"),
        map("right", "fork"),
    ];
    assert_pairs(
        &graph(&nodes, "left.zip(right)"),
        &["by record of fork"],
        &[],
    );
    assert_pairs(
        &graph(&nodes, "left.zip(right, one)"),
        &["by record of one"],
        &[],
    );
    assert_pairs(
        &graph(&nodes, "left.zip(right, fork, one, order, 1, \"x\")"),
        &["by record of order"],
        &[],
    );
}

#[test]
fn a_branch_that_multiplies_or_regroups_is_refused() {
    for (branch, culprit) in [
        (flat_map("right", "order"), "right"),
        (map("right", "order.flatten()"), "right_flatten"),
        (
            map("right", "order.partition_time(\"1s\")"),
            "right_partition_time",
        ),
        (
            map("right", "order.timed_window(\"1s\")"),
            "right_timed_window",
        ),
        (
            map("right", "order.sliding_window(3)"),
            "right_sliding_window",
        ),
        (map("right", "order.partition(3, hold)"), "right_partition"),
        // Regrouped and taken apart: what comes out is not what went in.
        (
            map("right", "order.partition(3, hold).flatten()"),
            "right_flatten",
        ),
        (
            map("right", "order.zip_latest(left, hold)"),
            "right_zip_latest",
        ),
        (
            map("right", "order.combine_latest(left)"),
            "right_combine_latest",
        ),
        (
            map("right", "order.collect(flush = left, hold)"),
            "right_collect",
        ),
    ] {
        let nodes = [map("left", "order"), branch];
        let told = format!("{culprit} multiplies order");
        assert_refused(&graph(&nodes, "left.zip(right)"), &[&told]);
    }
    // In the same expression.
    let nodes = [map("left", "order")];
    assert_refused(
        &graph(&nodes, "left.partition_time(\"1s\").zip(order)"),
        &["end_partition_time multiplies order"],
    );
}

#[test]
fn what_multiplies_before_the_fork_is_fine() {
    let branches = |fork: &str| [map("left", fork), map("right", fork)];
    let with = |before: String, fork: &str| {
        let mut nodes = vec![before];
        nodes.extend(branches(fork));
        graph(&nodes, "left.zip(right)")
    };
    assert_pairs(
        &with(flat_map("line", "order"), "line"),
        &["by record of line"],
        &["line"],
    );
    assert_pairs(
        &with(
            map("line", "order.partition_time(\"1s\").flatten()"),
            "line",
        ),
        &["by record of line"],
        &["line"],
    );
    // A batch has a name of its own already.
    let batch =
        "#[map(from = order.partition_time(\"1s\"))] fn rows(x: Batch<A>) -> Batch<A> { x }";
    assert_pairs(&with(batch.to_owned(), "rows"), &["by record of rows"], &[]);
    // The same record in two ways.
    let both = [
        map("one", "order"),
        map("two", "order"),
        map("both", "one.union(two)"),
    ];
    assert_pairs(
        &with(both.join(" "), "both"),
        &["by record of both"],
        &["both"],
    );
}

#[test]
fn batches_of_a_source_pair_by_batch() {
    let nodes = "#[source(topic = \"t\", batch = 5, within = \"1s\")] fn rows(record: &Record<'_>) -> A { x }
         #[map(from = rows)] fn left(x: Batch<A>) -> Batch<A> { x }
         #[map(from = rows)] fn right(x: Vec<A>) -> A { x }";
    assert_pairs(
        &format!("{nodes} {}", sink("left.zip(right)")),
        &["by record of rows_partition"],
        &[],
    );
    let flat = format!("{nodes} {}", sink("left.flatten().zip(right)"));
    assert_refused(&flat, &["end_flatten multiplies rows_partition"]);
}

#[test]
fn zips_of_zips() {
    let nodes = [
        map("a", "order"),
        map("b", "order"),
        map("c", "b"),
        filter("d", "b"),
    ];
    // A pair of pairs, in one expression and by nodes.
    assert_pairs(
        &graph(&nodes, "a.zip(c.zip(d))"),
        &["by record of order", "by record of b"],
        &[],
    );
    assert_pairs(
        &graph(&nodes, "a.zip(b).zip(c.zip(d), order)"),
        &["by record of order", "by record of order", "by record of b"],
        &[],
    );
    let mut nodes = nodes.to_vec();
    nodes.push(map("inner", "c.zip(d)"));
    assert_pairs(
        &graph(&nodes, "inner.zip(a, order)"),
        &["by record of b", "by record of order"],
        &[],
    );
}

/// A fork between another one and its zip must not give new names: the zip pairs by the old ones.
#[test]
fn only_the_outer_fork_names() {
    let nodes = [
        flat_map("line", "order"),
        map("a", "line"),
        map("b", "line"),
        map("c", "b"),
        map("d", "b"),
        map("inner", "c.zip(d)"),
    ];
    assert_pairs(
        &graph(&nodes, "a.zip(inner)"),
        &["by record of b", "by record of line"],
        &["line"],
    );
    // Here nothing outside asks for the name of a line.
    let nodes = [
        flat_map("line", "order"),
        map("b", "line"),
        map("c", "b"),
        map("d", "b"),
        map("e", "c.zip(d)"),
        map("f", "e"),
    ];
    assert_pairs(
        &graph(&nodes, "e.zip(f)"),
        &["by record of b", "by record of e"],
        &["b", "e"],
    );
}

#[test]
fn a_zip_that_is_refused_is_told_once() {
    let nodes = [
        map("a", "order"),
        flat_map("b", "order"),
        map("c", "a.zip(b)"),
    ];
    let program = graph(&nodes, "a.zip(c)");
    assert_findings(&[(&program, &[(UNPAIRED, "zip")])]);
}

#[test]
fn more_than_one_way_to_an_input_is_refused() {
    let nodes = [
        filter("even", "order"),
        filter("odd", "order"),
        map("both", "even.union(odd)"),
    ];
    assert_refused(&graph(&nodes, "order.zip(both)"), &["order comes twice"]);
    assert_refused(
        &graph(&nodes[..2], "order.zip(even.union(odd))"),
        &["order comes twice"],
    );
    // Many diamonds one after another, each a fork: counting ways must not take for ever.
    let mut chain = Vec::new();
    let mut last = "order".to_owned();
    for n in 0..40 {
        chain.push(map(&format!("l{n}"), &last));
        chain.push(map(&format!("r{n}"), &last));
        chain.push(map(&format!("u{n}"), &format!("l{n}.union(r{n})")));
        last = format!("u{n}");
    }
    assert_refused(&graph(&chain, "order.zip(u39)"), &["order comes twice"]);
}
