//! Reading the outer layers: the file and the environment. What is valid is decided in `settings`.

use std::path::{Path, PathBuf};

use super::{Config, Entry, Layer, spans, watchdogs};

const FILE: &str = "waterhealer.toml";
const PREFIX: &str = "WATERHEALER_";
const KAFKA_PREFIX: &str = "WATERHEALER_KAFKA__";
/// The names that these settings had in the Python library, the age in seconds.
const MAX_ENTRIES: &str = "MAXLEN_MEMORY";
const MAX_AGE: &str = "MAXAGE_MEMORY";
/// As `ENABLE_CHECKPOINTING=False` was written there.
const CHECKPOINTING: &str = "ENABLE_CHECKPOINTING";
const LOG_LEVEL: &str = "LOGLEVEL";
const LOG_JSON: &str = "ENABLE_JSON_LOGGING";
const LOG_VALUES: &str = "ENABLE_EMIT_LOGGING";
const FALLBACK_BROKERS: &str = "KAFKA_BOOTSTRAP_SERVERS";

impl Config {
    /// The file and the environment; `file` is named on the command line, and must then be there.
    pub(crate) fn from_surroundings(file: Option<PathBuf>) -> Self {
        let mut config = Config::new();
        let named = file.or_else(|| std::env::var_os("WATERHEALER_CONFIG").map(PathBuf::from));
        match named {
            Some(path) => config.read_file(&path, true),
            None => config.read_file(Path::new(FILE), false),
        }
        config.read_environment(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }));
        config
    }

    fn read_file(&mut self, path: &Path, must_exist: bool) {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => self.read_toml(&name, &text),
            Err(error) if must_exist || error.kind() != std::io::ErrorKind::NotFound => {
                self.mistakes
                    .push(format!("{name}: cannot be read: {error}"));
            }
            Err(_) => {}
        }
    }

    fn read_toml(&mut self, name: &str, text: &str) {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => return self.mistakes.push(format!("{name}: {error}")),
        };
        let layer = Layer::File(name.to_owned());
        for (key, value) in table {
            match value {
                toml::Value::Table(properties) if key == "kafka" => {
                    for (property, value) in properties {
                        self.write_toml(&layer, format!("kafka.{property}"), &value);
                    }
                }
                value => self.write_toml(&layer, key, &value),
            }
        }
    }

    fn write_toml(&mut self, layer: &Layer, key: String, value: &toml::Value) {
        let value = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Float(number) => number.to_string(),
            toml::Value::Boolean(truth) => truth.to_string(),
            _ => {
                return self.mistakes.push(format!(
                    "{layer}: `{key}` must be a text, a number or true/false; a property with dots in its name \
                     stands in quotes: \"bootstrap.servers\" = \"…\""
                ));
            }
        };
        self.write(layer.clone(), key, value);
    }

    pub(super) fn read_environment(&mut self, variables: impl Iterator<Item = (String, String)>) {
        let mut found: Vec<Entry> = Vec::new();
        for (name, value) in variables {
            let key = if let Some(property) = name.strip_prefix(KAFKA_PREFIX) {
                format!("kafka.{}", property.to_lowercase().replace('_', "."))
            } else if name == "WATERHEALER_CONFIG" {
                continue;
            } else if let Some(setting) = name.strip_prefix(PREFIX) {
                setting.to_lowercase()
            } else if let Some((key, value)) = fallback(&name, &value) {
                found.push(Entry {
                    layer: Layer::Fallback(name),
                    key: key.to_owned(),
                    value,
                });
                continue;
            } else {
                continue;
            };
            found.push(Entry {
                layer: Layer::Environment(name),
                key,
                value,
            });
        }
        // The environment has no order.
        found.sort_by_key(|entry| spans::rank(&entry.layer));
        self.entries.extend(found);
    }
}

/// The setting that a variable of another name stands for, and its value.
fn fallback(name: &str, value: &str) -> Option<(&'static str, String)> {
    match name {
        FALLBACK_BROKERS => Some(("kafka.bootstrap.servers", value.to_owned())),
        MAX_ENTRIES => Some(("dedupe_max_entries", value.to_owned())),
        CHECKPOINTING => Some(("checkpointing", value.to_lowercase())),
        MAX_AGE => Some(("dedupe_max_age", format!("{value}s"))),
        LOG_LEVEL => Some(("log_level", value.to_owned())),
        LOG_JSON => Some(("log_json", value.to_lowercase())),
        LOG_VALUES => Some(("log_values", value.to_lowercase())),
        _ => match spans::fallback(name, value) {
            Some(endpoint) => Some((spans::NAME, endpoint)),
            None => watchdog(name, value),
        },
    }
}

/// What the variables of the Python library's `auto_shutdown` stand for. Their times are seconds, as the settings' are.
fn watchdog(name: &str, value: &str) -> Option<(&'static str, String)> {
    let key = match name {
        "HEALING_GOT_ERROR" => "auto_shutdown_got_error",
        "HEALING_GRACEFUL_OFFSET" => "auto_shutdown_graceful_offset",
        "HEALING_GRACEFUL_POLLING" => "auto_shutdown_graceful_polling",
        "HEALING_INTERVAL" => "auto_shutdown_interval",
        "HEALING_SLEEP_BEFORE_SHUTDOWN" => "auto_shutdown_sleep_before_shutdown",
        "HEALING_AUTO_EXPIRED" => "auto_shutdown_auto_expired",
        "HEALING_MAX_TOTAL_COMMIT" => "auto_shutdown_max_total_commit",
        // What it computed on was Dask; here that is the brokers.
        "HEALING_GOT_DASK" => "auto_shutdown_brokers_away",
        _ => return None,
    };
    let truth = match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    };
    let value = match (name, truth) {
        ("HEALING_GOT_ERROR", Some(truth)) => truth.to_string(),
        ("HEALING_GOT_DASK", Some(true)) => watchdogs::BROKERS_AWAY.to_owned(),
        ("HEALING_GOT_DASK", Some(false)) => "0".to_owned(),
        _ => value.to_owned(),
    };
    Some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(config: &Config, key: &str) -> Option<String> {
        config
            .entries
            .iter()
            .rev()
            .filter(|entry| !matches!(entry.layer, Layer::Fallback(_)))
            .find(|entry| entry.key == key)
            .map(|entry| entry.value.clone())
    }

    #[test]
    fn properties_keep_their_dots_in_the_file_and_get_them_back_in_the_environment() {
        let mut config = Config::new();
        config.read_toml(
            "waterhealer.toml",
            "group = 'billing'\n[kafka]\n'bootstrap.servers' = 'a:1'\n'fetch.min.bytes' = 7\n",
        );
        assert_eq!(
            value(&config, "kafka.bootstrap.servers").as_deref(),
            Some("a:1")
        );
        assert_eq!(
            value(&config, "kafka.fetch.min.bytes").as_deref(),
            Some("7")
        );
        let variables = [
            ("WATERHEALER_KAFKA__BOOTSTRAP_SERVERS", "b:2"),
            ("KAFKA_BOOTSTRAP_SERVERS", "c:3"),
            ("WATERHEALER_INTERVAL", "2s"),
            ("ENABLE_CHECKPOINTING", "False"),
        ];
        config.read_environment(
            variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert_eq!(
            value(&config, "kafka.bootstrap.servers").as_deref(),
            Some("b:2")
        );
        assert_eq!(value(&config, "interval").as_deref(), Some("2s"));
        let old = config
            .entries
            .iter()
            .find(|entry| entry.key == "checkpointing");
        assert_eq!(old.map(|entry| entry.value.as_str()), Some("false"));
        assert!(config.mistakes.is_empty());
    }

    #[test]
    fn what_names_a_collector_for_traces_alone_counts_more() {
        let mut config = Config::new();
        let variables = [
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:3/v1/traces"),
            ("ENABLE_OPENTELEMETRY_JAEGER", "true"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://b:2"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        config.read_environment(variables.into_iter());
        let values = config.entries.iter().map(|entry| entry.value.as_str());
        let expected = [
            "http://localhost:4318",
            "http://b:2",
            "http://c:3/v1/traces",
        ];
        assert_eq!(values.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_broken_file_is_a_mistake_that_names_the_file() {
        let mut config = Config::new();
        config.read_toml("waterhealer.toml", "group = ");
        config.read_toml("waterhealer.toml", "[kafka.bootstrap]\nservers = 'x'");
        assert_eq!(config.mistakes.len(), 2);
        assert!(
            config
                .mistakes
                .iter()
                .all(|mistake| mistake.starts_with("waterhealer.toml"))
        );
    }
}
