//! The options of node attributes, as a table. Whether they make sense together is for `check`.

use proc_macro2::TokenStream;
use syn::{Expr, LitStr};

use super::breaker::{Breaker, parse_breaker};
use super::edge::{EdgeExpr, parse_edge};
use super::handling::{Order, Retry, parse_flush, parse_order, parse_retry};
use super::option::{Row, Slot, fill_slots, parse_options};
use super::value::{
    Policy, Property, parse_count, parse_duration, parse_expression, parse_flag, parse_pattern,
    parse_policy, parse_properties, parse_text, parse_texts,
};
use crate::diag::Diagnostics;
use crate::symbol::Word::{
    self, Accumulate, Filter, FlatMap, ForeachAsync, ForeachMap, Healed, Map, Sink, Source,
};

/// What a node attribute says.
#[derive(Default)]
pub(crate) struct NodeOptions {
    pub(crate) from: Slot<EdgeExpr>,
    pub(crate) topic: Slot<LitStr>,
    pub(crate) topics: Slot<Vec<LitStr>>,
    pub(crate) emit: Slot<()>,
    pub(crate) lines: Slot<LitStr>,
    pub(crate) files: Slot<LitStr>,
    pub(crate) properties: Slot<Vec<Property>>,
    pub(crate) on_error: Slot<Policy>,
    pub(crate) breaker: Slot<Breaker>,
    pub(crate) on_panic: Slot<Policy>,
    pub(crate) retry: Slot<Retry>,
    pub(crate) timeout: Slot<LitStr>,
    pub(crate) order_by: Slot<Order>,
    pub(crate) blocking: Slot<()>,
    pub(crate) flush: Slot<syn::Ident>,
    pub(crate) concurrency: Slot<usize>,
    pub(crate) batch: Slot<usize>,
    pub(crate) within: Slot<LitStr>,
    pub(crate) start: Slot<Expr>,
    pub(crate) returns_state: Slot<()>,
    pub(crate) volatile: Slot<()>,
    pub(crate) any_order: Slot<()>,
    pub(crate) detached: Slot<LitStr>,
    pub(crate) may_repeat: Slot<()>,
    pub(crate) checkpoint: Slot<()>,
    /// Something could not be read: what is missing may only be misspelt.
    pub(crate) incomplete: bool,
}

/// The nodes that take values of others.
const TAKERS: &[Word] = &[
    Map,
    Filter,
    FlatMap,
    Accumulate,
    ForeachMap,
    ForeachAsync,
    Sink,
];

/// The nodes whose calls may stand beside one another.
const APART: &[Word] = &[Map, Filter, FlatMap, ForeachMap, ForeachAsync, Sink];

/// The nodes that values come through.
const FLOWING: &[Word] = &[
    Source,
    Map,
    Filter,
    FlatMap,
    Accumulate,
    ForeachMap,
    ForeachAsync,
    Sink,
];

/// All nodes.
const CALLED: &[Word] = &[
    Source,
    Map,
    Filter,
    FlatMap,
    Accumulate,
    ForeachMap,
    ForeachAsync,
    Sink,
    Healed,
];

const OPTIONS: &[Row<NodeOptions>] = &[
    Row {
        name: "from",
        on: TAKERS,
        read: |options, written, diag| options.from.fill(written, diag, parse_edge),
    },
    Row {
        name: "topic",
        on: &[Source, Sink],
        read: |options, written, diag| options.topic.fill(written, diag, parse_text),
    },
    Row {
        name: "topics",
        on: &[Source],
        read: |options, written, diag| options.topics.fill(written, diag, parse_texts),
    },
    Row {
        name: "emit",
        on: &[Source],
        read: |options, written, diag| options.emit.fill(written, diag, parse_flag),
    },
    Row {
        name: "lines",
        on: &[Source],
        read: |options, written, diag| options.lines.fill(written, diag, parse_text),
    },
    Row {
        name: "files",
        on: &[Source],
        read: |options, written, diag| options.files.fill(written, diag, parse_pattern),
    },
    Row {
        name: "properties",
        on: &[Source],
        read: |options, written, diag| options.properties.fill(written, diag, parse_properties),
    },
    Row {
        name: "on_error",
        on: CALLED,
        read: |options, written, diag| options.on_error.fill(written, diag, parse_policy),
    },
    Row {
        name: "breaker",
        on: FLOWING,
        read: |options, written, diag| options.breaker.fill(written, diag, parse_breaker),
    },
    Row {
        name: "on_panic",
        on: CALLED,
        read: |options, written, diag| options.on_panic.fill(written, diag, parse_policy),
    },
    Row {
        name: "retry",
        on: FLOWING,
        read: |options, written, diag| options.retry.fill(written, diag, parse_retry),
    },
    Row {
        name: "timeout",
        on: APART,
        read: |options, written, diag| options.timeout.fill(written, diag, parse_duration),
    },
    Row {
        name: "order_by",
        on: APART,
        read: |options, written, diag| options.order_by.fill(written, diag, parse_order),
    },
    Row {
        name: "blocking",
        on: &[Map, Filter, FlatMap, ForeachMap, Sink],
        read: |options, written, diag| options.blocking.fill(written, diag, parse_flag),
    },
    Row {
        name: "flush",
        on: &[Sink],
        read: |options, written, diag| options.flush.fill(written, diag, parse_flush),
    },
    Row {
        name: "concurrency",
        on: CALLED,
        read: |options, written, diag| options.concurrency.fill(written, diag, parse_count),
    },
    Row {
        name: "batch",
        on: &[Source],
        read: |options, written, diag| options.batch.fill(written, diag, parse_count),
    },
    Row {
        name: "within",
        on: &[Source],
        read: |options, written, diag| options.within.fill(written, diag, parse_duration),
    },
    Row {
        name: "start",
        on: &[Accumulate],
        read: |options, written, diag| options.start.fill(written, diag, parse_expression),
    },
    Row {
        name: "returns_state",
        on: &[Accumulate],
        read: |options, written, diag| options.returns_state.fill(written, diag, parse_flag),
    },
    Row {
        name: "volatile",
        on: &[Accumulate],
        read: |options, written, diag| options.volatile.fill(written, diag, parse_flag),
    },
    Row {
        name: "any_order",
        on: &[Accumulate],
        read: |options, written, diag| options.any_order.fill(written, diag, parse_flag),
    },
    Row {
        name: "detached",
        on: CALLED,
        read: |options, written, diag| options.detached.fill(written, diag, parse_text),
    },
    Row {
        name: "may_repeat",
        on: &[Sink],
        read: |options, written, diag| options.may_repeat.fill(written, diag, parse_flag),
    },
    Row {
        name: "checkpoint",
        on: FLOWING,
        read: |options, written, diag| options.checkpoint.fill(written, diag, parse_flag),
    },
];

/// Reads the options of one node attribute.
pub(crate) fn parse_node_options(
    word: Word,
    tokens: TokenStream,
    diag: &Diagnostics,
) -> NodeOptions {
    let written = parse_options(word, tokens, diag);
    let mut options = NodeOptions::default();
    let all_placed = fill_slots(word, OPTIONS, &written.list, &mut options, diag);
    options.incomplete = written.incomplete || !all_placed;
    options
}
