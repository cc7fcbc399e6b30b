//! The configuration: what was written, in layers (`layers`), what is valid (`settings`), and what the Kafka client gets
//! of it (`client`). All mistakes are told at once, each with the layer that it stands in.

mod client;
mod dedupe;
mod delivery;
mod failures;
mod http;
mod layers;
mod limits;
mod listing;
mod logs;
mod looks;
mod reader;
mod settings;
mod spans;
mod starting;
mod watchdogs;

pub(crate) use http::Http;
pub(crate) use limits::{Bound, MAX_LANES};
pub(crate) use listing::Shown;
pub(crate) use settings::Settings;
pub(crate) use starting::{OnGap, OnRecreated, Starting};
pub(crate) use watchdogs::Watchdogs;

use std::time::Duration;

use crate::broker::Embedded;
use crate::error::{Error, ErrorKind};

/// What was written about a pipeline's configuration, layer by layer; the later layer wins: the attribute in the code,
/// `waterhealer.toml`, the environment, the command line, and last what a program sets here.
///
/// ```
/// use waterhealer_runtime::Config;
/// let config = Config::new()
///     .brokers("127.0.0.1:9092")
///     .group("billing")
///     .interval(std::time::Duration::from_secs(1))
///     .kafka("fetch.min.bytes", "1000");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    entries: Vec<Entry>,
    mistakes: Vec<String>,
}

/// One setting as somebody wrote it.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    layer: Layer,
    /// `group`, `interval`, …, or `kafka.` with the client's own name of a property.
    key: String,
    value: String,
}

impl Entry {
    /// The value as it may be told: not where it may hold a password.
    fn told(&self) -> &str {
        match listing::is_secret(&self.key) {
            true => listing::MASKED,
            false => &self.value,
        }
    }
}

impl std::fmt::Debug for Entry {
    /// Without the value where it may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {} ({})", self.key, self.told(), self.layer)
    }
}

/// Where a setting was written; the later one wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// What a whole program does unless something else is said.
    Usual,
    /// A variable of the surroundings that is meant for many programs.
    Fallback(String),
    Attribute,
    File(String),
    Environment(String),
    CommandLine,
    Program,
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Layer::Usual => f.write_str("default"),
            Layer::Attribute => f.write_str("the #[pipeline] or #[source] attribute"),
            Layer::File(path) => write!(f, "{path}"),
            Layer::Fallback(name) | Layer::Environment(name) => {
                write!(f, "the environment, {name}")
            }
            Layer::CommandLine => f.write_str("the command line"),
            Layer::Program => f.write_str("the program's own Config"),
        }
    }
}

impl Config {
    /// Nothing but what the pipeline's attributes say.
    pub fn new() -> Self {
        Config::default()
    }

    /// What `waterhealer.toml` in the working directory (or the file that `WATERHEALER_CONFIG` names) and the
    /// environment say. Mistakes in them are told when the pipeline starts, together with all others.
    pub fn load() -> Self {
        Config::from_surroundings(None)
    }

    /// The brokers to start from, as `host:port`, several separated by commas.
    pub fn brokers(self, brokers: impl Into<String>) -> Self {
        self.kafka("bootstrap.servers", brokers)
    }

    /// The embedded broker, with timings that suit it: it lets a group wait for a member that has left until its session
    /// is nearly over, and answers an idle fetch only when its time is up.
    pub fn embedded(self, broker: &Embedded) -> Self {
        self.brokers(broker.bootstrap())
            .kafka("session.timeout.ms", "1200")
            .kafka("heartbeat.interval.ms", "300")
            .kafka("fetch.wait.max.ms", "50")
    }

    /// The consumer group, whose offsets are healed.
    pub fn group(self, group: impl Into<String>) -> Self {
        self.set("group", group)
    }

    /// How often offsets are healed; 10 seconds unless set, 200 ms of a pipeline that delivers exactly once.
    pub fn interval(self, interval: Duration) -> Self {
        self.set("interval", humantime::format_duration(interval).to_string())
    }

    /// Where the running pipeline answers over HTTP, such as `127.0.0.1:8000`, or `off`: metrics, health, what it is doing. Port
    /// 0 takes any; [`Handle::http_address`](crate::Handle::http_address) says which.
    pub fn http(self, address: impl Into<String>) -> Self {
        self.set("http", address)
    }

    /// Starts at the beginning of partitions for which the group has no offset, whatever else says otherwise.
    pub fn from_beginning(self) -> Self {
        self.set("from_beginning", "true")
    }

    /// Stops once all partitions are read to their end and everything read is finished: for demonstrations and tests.
    pub fn until_end(self) -> Self {
        self.set("until_end", "true")
    }

    /// A property of the Kafka client, by librdkafka's own name.
    pub fn kafka(self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        self.set(format!("kafka.{}", name.as_ref()), value)
    }

    /// A setting by its name: `group`, `interval`, `drain_timeout`, `shutdown_grace`, `commit_timeout`, `connect_timeout`,
    /// `max_in_flight`, `max_in_flight_bytes`, `max_in_flight_in_all`, `max_in_flight_bytes_in_all`, `lanes`, `http`, `metrics`, `data_sizes`, `checkpointing`, `checkpoint_history`, `until_end`, `from_beginning`, `dedupe`, `dedupe_outage`, `dedupe_max_entries`, `dedupe_max_age`, `done_set`, `on_topic_recreated`, `on_offset_out_of_range`, `log_level`, `log_json`, `log_values`, `otlp_endpoint`, `failures`, `failures_mask`, `failures_attempts`,
    /// `auto_shutdown` and those that begin with it and a `_` (`auto_shutdown_graceful_offset`, …: the guide's page `auto_shutdown`), or
    /// `kafka.` and a property of the client.
    pub fn set(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.write(Layer::Program, key.into(), value.into());
        self
    }

    pub(crate) fn set_from_command_line(&mut self, key: &str, value: impl Into<String>) {
        self.write(Layer::CommandLine, key.to_owned(), value.into());
    }

    /// What another configuration says as well, each in its layer.
    pub(crate) fn absorb(&mut self, other: Config) {
        self.entries.extend(other.entries);
        self.mistakes.extend(other.mistakes);
    }

    fn write(&mut self, layer: Layer, key: String, value: String) {
        self.entries.push(Entry { layer, key, value });
    }
}

fn wrong(mistakes: &[String]) -> Error {
    let mut text = match mistakes.len() {
        1 => "the configuration has a mistake:".to_owned(),
        count => format!("the configuration has {count} mistakes:"),
    };
    for mistake in mistakes {
        text.push_str("\n  - ");
        text.push_str(mistake);
    }
    Error::new(ErrorKind::Configuration, text)
}
