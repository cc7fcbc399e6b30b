//! The options of `#[pipeline(…)]`, as a table.

use proc_macro2::TokenStream;
use syn::LitStr;

use super::option::{Row, Slot, fill_slots, parse_options};
use super::value::{
    Delivery, Policy, parse_count, parse_delivery, parse_duration, parse_flag, parse_policy,
    parse_text, parse_truth,
};
use super::watchdogs::{Watchdogs, parse_watchdogs};
use crate::diag::Diagnostics;
use crate::symbol::Word::Pipeline;

/// What `#[pipeline(…)]` says. The group may be missing: then the configuration has to give it.
#[derive(Default)]
pub(crate) struct PipelineOptions {
    pub(crate) group: Slot<LitStr>,
    pub(crate) interval: Slot<LitStr>,
    pub(crate) drain_timeout: Slot<LitStr>,
    pub(crate) max_in_flight: Slot<usize>,
    pub(crate) lanes: Slot<usize>,
    pub(crate) shutdown_grace: Slot<LitStr>,
    pub(crate) delivery: Slot<Delivery>,
    pub(crate) dedupe: Slot<LitStr>,
    pub(crate) dedupe_outage: Slot<LitStr>,
    pub(crate) done_set: Slot<bool>,
    pub(crate) on_panic: Slot<Policy>,
    pub(crate) auto_shutdown: Slot<Watchdogs>,
    pub(crate) checkpoint: Slot<()>,
    pub(crate) checkpoint_history: Slot<usize>,
}

const OPTIONS: &[Row<PipelineOptions>] = &[
    Row {
        name: "group",
        on: &[Pipeline],
        read: |options, written, diag| options.group.fill(written, diag, parse_text),
    },
    Row {
        name: "interval",
        on: &[Pipeline],
        read: |options, written, diag| options.interval.fill(written, diag, parse_duration),
    },
    Row {
        name: "drain_timeout",
        on: &[Pipeline],
        read: |options, written, diag| options.drain_timeout.fill(written, diag, parse_duration),
    },
    Row {
        name: "max_in_flight",
        on: &[Pipeline],
        read: |options, written, diag| options.max_in_flight.fill(written, diag, parse_count),
    },
    Row {
        name: "lanes",
        on: &[Pipeline],
        read: |options, written, diag| options.lanes.fill(written, diag, parse_count),
    },
    Row {
        name: "shutdown_grace",
        on: &[Pipeline],
        read: |options, written, diag| options.shutdown_grace.fill(written, diag, parse_duration),
    },
    Row {
        name: "dedupe",
        on: &[Pipeline],
        read: |options, written, diag| options.dedupe.fill(written, diag, parse_text),
    },
    Row {
        name: "dedupe_outage",
        on: &[Pipeline],
        read: |options, written, diag| options.dedupe_outage.fill(written, diag, parse_text),
    },
    Row {
        name: "delivery",
        on: &[Pipeline],
        read: |options, written, diag| options.delivery.fill(written, diag, parse_delivery),
    },
    Row {
        name: "done_set",
        on: &[Pipeline],
        read: |options, written, diag| options.done_set.fill(written, diag, parse_truth),
    },
    Row {
        name: "on_panic",
        on: &[Pipeline],
        read: |options, written, diag| options.on_panic.fill(written, diag, parse_policy),
    },
    Row {
        name: "auto_shutdown",
        on: &[Pipeline],
        read: |options, written, diag| options.auto_shutdown.fill(written, diag, parse_watchdogs),
    },
    Row {
        name: "checkpoint",
        on: &[Pipeline],
        read: |options, written, diag| options.checkpoint.fill(written, diag, parse_flag),
    },
    Row {
        name: "checkpoint_history",
        on: &[Pipeline],
        read: |options, written, diag| options.checkpoint_history.fill(written, diag, parse_count),
    },
];

/// Reads the options of the pipeline.
pub(crate) fn parse_pipeline_options(tokens: TokenStream, diag: &Diagnostics) -> PipelineOptions {
    let written = parse_options(Pipeline, tokens, diag);
    let mut options = PipelineOptions::default();
    fill_slots(Pipeline, OPTIONS, &written.list, &mut options, diag);
    options
}

impl PipelineOptions {
    /// What was given, as the configuration's names and texts.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        let texts = [
            ("group", &self.group),
            ("interval", &self.interval),
            ("drain_timeout", &self.drain_timeout),
            ("shutdown_grace", &self.shutdown_grace),
            ("dedupe", &self.dedupe),
            ("dedupe_outage", &self.dedupe_outage),
        ];
        let texts = texts
            .into_iter()
            .filter_map(|(name, slot)| Some((name, slot.value()?.value())));
        let counts = [
            ("max_in_flight", &self.max_in_flight),
            ("lanes", &self.lanes),
            ("checkpoint_history", &self.checkpoint_history),
        ];
        let counts = counts
            .into_iter()
            .filter_map(|(name, slot)| Some((name, slot.value()?.to_string())));
        let done_set = self.done_set.value();
        let done_set = done_set.map(|truth| ("done_set", truth.to_string()));
        let delivery = self
            .delivery
            .value()
            .map(|delivery| ("delivery", delivery.text().to_owned()));
        let watchdogs = self.auto_shutdown.value();
        let watchdogs = watchdogs
            .into_iter()
            .flat_map(|given| given.settings.clone());
        texts
            .chain(counts)
            .chain(done_set)
            .chain(delivery)
            .chain(watchdogs)
            .collect()
    }

    /// Whether outputs and offsets are committed together.
    pub(crate) fn is_exactly_once(&self) -> bool {
        self.delivery.value() == Some(&Delivery::ExactlyOnce)
    }
}
