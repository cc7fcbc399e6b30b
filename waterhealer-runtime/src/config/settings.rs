//! What is valid: the settings a pipeline runs with, and every mistake on the way to them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::failures::Keeping;
use super::reader::Reader;
use super::watchdogs::{self, Waits, Watchdogs};
use super::{
    Bound, Config, Entry, Http, Layer, Shown, Starting, client, dedupe, delivery, failures,
    listing, logs, spans, wrong,
};
use crate::broker::check_property;
use crate::error::Error;
use crate::graph::Spec;
use crate::spans::Endpoint;
use crate::store;
use crate::telemetry::Logs;

/// The settings a pipeline runs with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) group: String,
    /// Properties of the consumer, whole.
    pub(crate) consumer: BTreeMap<String, String>,
    /// Properties of the producer, whole.
    pub(crate) producer: BTreeMap<String, String>,
    /// Between two heals.
    pub(crate) interval: Duration,
    /// For work under way in revoked partitions.
    pub(crate) drain_timeout: Duration,
    /// For work under way at the end.
    pub(crate) shutdown_grace: Duration,
    /// For commits that fail, before the pipeline ends.
    pub(crate) commit_timeout: Duration,
    /// For a broker to answer at the start.
    pub(crate) connect_timeout: Duration,
    /// What may be unfinished, or wait behind what is.
    pub(crate) bound: Bound,
    /// Lanes, each with its own partitions and state.
    pub(crate) lanes: usize,
    pub(crate) until_end: bool,
    /// Whether stages are counted and timed.
    pub(crate) metrics: bool,
    /// Whether it is measured how large values are.
    pub(crate) data_sizes: bool,
    /// How many values checkpoints keep of each node; 0 where they are turned off.
    pub(crate) checkpoints: usize,
    /// Which log lines are written, and how.
    pub(crate) logs: Logs,
    /// Where spans go; `None` is nowhere.
    pub(crate) spans: Option<Endpoint>,
    /// Where finished offsets are kept for the next owner.
    pub(crate) dedupe: Option<store::Settings>,
    /// Where failures are kept.
    pub(crate) failures: Keeping,
    /// Of a pipeline that delivers exactly once: after how long the broker aborts a transaction.
    pub(crate) transaction_timeout: Option<Duration>,
    /// Where partitions begin, and what is passed over.
    pub(crate) starting: Starting,
    /// What ends the pipeline when it stands still.
    pub(crate) watchdogs: Watchdogs,
    /// Where it answers over HTTP, if anywhere.
    pub(crate) http: Option<Http>,
    /// All of this as it is shown to others.
    pub(crate) listed: Vec<Shown>,
}

/// Settings by name, but for the client's properties.
const NAMES: &[&str] = &[
    "group",
    "interval",
    "drain_timeout",
    "shutdown_grace",
    "commit_timeout",
    "connect_timeout",
    "max_in_flight",
    "max_in_flight_bytes",
    "max_in_flight_in_all",
    "max_in_flight_bytes_in_all",
    "lanes",
    "http",
    "until_end",
    "metrics",
    "data_sizes",
    "checkpointing",
    "checkpoint_history",
    "from_beginning",
    "delivery",
    "done_set",
    "on_topic_recreated",
    "on_offset_out_of_range",
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let all = [
        NAMES,
        dedupe::NAMES,
        watchdogs::NAMES,
        logs::NAMES,
        failures::NAMES,
        &[spans::NAME],
    ];
    all.into_iter().flatten().copied()
}

impl Config {
    /// The settings for this pipeline.
    ///
    /// # Errors
    /// All mistakes of all layers.
    pub(crate) fn settle(&self, spec: &Spec) -> Result<Settings, Error> {
        let mut reader = Reader {
            entries: self.in_order(spec),
            mistakes: self.mistakes.clone(),
        };
        reader.refuse_unknown();
        reader.refuse_other_delivery(spec);
        let exactly_once = spec.is_exactly_once();
        let interval = reader.duration("interval", delivery::interval(exactly_once));
        let shutdown_grace = reader.duration("shutdown_grace", Duration::from_secs(25));
        let commit_timeout = reader.duration("commit_timeout", Duration::from_secs(120));
        let connect_timeout = reader.duration("connect_timeout", Duration::from_secs(10));
        let bound = Bound {
            records: reader.number("max_in_flight", 100_000),
            bytes: reader.number("max_in_flight_bytes", 128 << 20),
            all_records: reader.number("max_in_flight_in_all", 1_000_000),
            all_bytes: reader.number("max_in_flight_bytes_in_all", 1 << 30),
        };
        let lanes = reader.lanes();
        let http = reader.http();
        let until_end = reader.truth("until_end");
        let metrics = reader.truth_or("metrics", true);
        let data_sizes = reader.data_sizes(metrics);
        let checkpoints = reader.checkpoints();
        let logs = reader.logs();
        let spans = reader.endpoint();
        let dedupe = reader.dedupe();
        let failures = reader.failures();
        let from_beginning = reader.truth("from_beginning");
        let kafka = reader.kafka(spec, from_beginning);
        let starting = Starting::read(&mut reader, &kafka);
        let session = kafka
            .get("session.timeout.ms")
            .and_then(|millis| millis.parse().ok())
            .unwrap_or(45_000);
        let drain_timeout = reader.duration("drain_timeout", Duration::from_millis(session / 2));
        let reads = spec.read_topics().next().is_some();
        let group = reader.group(reads);
        let transaction_timeout = exactly_once
            .then(|| reader.transactions(&kafka, interval, drain_timeout, dedupe.is_some()));
        let watchdogs = reader.watchdogs(&Waits {
            heal: interval,
            lanes: drain_timeout.max(transaction_timeout.unwrap_or_default()),
        });
        if spec.uses_kafka() && !kafka.contains_key("bootstrap.servers") {
            reader.mistakes.push(
                "no brokers are given: `--brokers HOST:PORT`, KAFKA_BOOTSTRAP_SERVERS, or \"bootstrap.servers\" under \
                 [kafka] in waterhealer.toml"
                    .to_owned(),
            );
        }
        if !reader.mistakes.is_empty() {
            return Err(wrong(&reader.mistakes));
        }
        let mut settings = Settings {
            starting,
            consumer: client::consumer(&kafka, &group),
            producer: delivery::producer(&kafka, &group, transaction_timeout),
            group,
            interval,
            drain_timeout,
            shutdown_grace,
            commit_timeout,
            connect_timeout,
            bound,
            lanes,
            until_end,
            metrics,
            data_sizes,
            checkpoints,
            logs,
            spans,
            dedupe,
            failures,
            transaction_timeout,
            watchdogs,
            http,
            listed: Vec::new(),
        };
        settings.listed = listing::list(&reader, &settings);
        Ok(settings)
    }

    /// All entries, the ones that win last; within a layer, the later one wins.
    fn in_order(&self, spec: &Spec) -> Vec<Entry> {
        let mut entries: Vec<Entry> = spec
            .settings
            .iter()
            .map(|(key, value)| attribute((*key).to_owned(), value))
            .chain(spec.nodes.iter().flat_map(|node| {
                node.properties
                    .iter()
                    .map(|(name, value)| attribute(format!("kafka.{name}"), value))
            }))
            .chain(self.entries.iter().cloned())
            .collect();
        entries.sort_by_key(|entry| match entry.layer {
            Layer::Usual => 0,
            Layer::Fallback(_) => 1,
            Layer::Attribute => 2,
            Layer::File(_) => 3,
            Layer::Environment(_) => 4,
            Layer::CommandLine => 5,
            Layer::Program => 6,
        });
        entries
    }
}

fn attribute(key: String, value: &str) -> Entry {
    Entry {
        layer: Layer::Attribute,
        key,
        value: value.to_owned(),
    }
}

/// What is looked at beyond one setting by itself.
impl Reader {
    fn refuse_unknown(&mut self) {
        for entry in &self.entries {
            if !entry.key.starts_with("kafka.") && !names().any(|name| name == entry.key) {
                self.mistakes.push(format!(
                    "{}: there is no setting `{}`; there are {}, and `kafka` with the client's properties",
                    entry.layer,
                    entry.key,
                    names().collect::<Vec<_>>().join(", ")
                ));
            }
        }
    }

    fn group(&mut self, reads: bool) -> String {
        let group = self
            .winner("group")
            .map(|entry| entry.value.trim().to_owned())
            .unwrap_or_default();
        if reads && group.is_empty() {
            self.mistakes.push(
                "no consumer group is given, and without one there is no offset to heal: \
                 `#[pipeline(group = \"…\")]`, `group` in waterhealer.toml, WATERHEALER_GROUP or `--group`"
                    .to_owned(),
            );
        }
        group
    }

    fn kafka(&mut self, spec: &Spec, from_beginning: bool) -> BTreeMap<String, String> {
        let mut properties = BTreeMap::new();
        let mut mistakes = Vec::new();
        for entry in &self.entries {
            let Some(name) = entry.key.strip_prefix("kafka.") else {
                continue;
            };
            let layer = &entry.layer;
            if let Some((_, why)) = client::OURS.iter().find(|(ours, _)| *ours == name) {
                if entry.value != "false" {
                    mistakes.push(format!(
                        "{layer}: `{name} = {}` is refused: {why}",
                        entry.told()
                    ));
                }
                continue;
            }
            let exactly_once = spec.is_exactly_once();
            if let Some(why) = client::refused(name, &entry.value, &self.entries)
                .or_else(|| delivery::refused(name, &entry.value, exactly_once))
            {
                mistakes.push(format!(
                    "{layer}: `{name} = {}` is refused: {why}",
                    entry.told()
                ));
                continue;
            }
            if name == "group.id" {
                mistakes.push(format!(
                    "{layer}: the group is the setting `group`, not `group.id`"
                ));
                continue;
            }
            if let Err(why) = check_property(name, &entry.value) {
                mistakes.push(format!("{layer}: `{name} = {}`: {why}", entry.told()));
                continue;
            }
            properties.insert(name.to_owned(), entry.value.clone());
        }
        self.mistakes.extend(mistakes);
        self.refuse_conflicts(spec);
        if from_beginning {
            properties.insert("auto.offset.reset".to_owned(), "earliest".to_owned());
        }
        properties
    }

    /// All sources of a pipeline are read by one consumer, so they cannot ask for different things.
    fn refuse_conflicts(&mut self, spec: &Spec) {
        let mut asked: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for node in spec.nodes {
            for (name, value) in node.properties {
                let (first, wanted) = *asked.entry(name).or_insert((node.name, value));
                if wanted != *value {
                    self.mistakes.push(format!(
                        "sources `{first}` and `{}` ask for different values of `{name}`: one consumer reads both",
                        node.name
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
