//! The settings as somebody looks at them who did not write them: each with its value and the layer that it comes from, and
//! without secrets.

use std::collections::BTreeSet;
use std::time::Duration;

use super::reader::Reader;
use super::{Settings, settings};

/// One setting, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Shown {
    pub(crate) name: String,
    /// `None` where there is neither a value nor a default.
    pub(crate) value: Option<String>,
    /// Where it was written; `default` where nobody wrote it.
    pub(crate) layer: String,
}

/// What stands in the place of a secret.
pub(super) const MASKED: &str = "…";

/// What is a secret, or may hold one, by a part of its name.
const SECRETS: &[&str] = &[
    "password",
    "passphrase",
    "secret",
    "key.pem",
    "private.key",
    "ssl.key",
    "ssl.keystore",
    "oauthbearer.config",
    "oauthbearer.assertion",
    "jaas",
    "token.value",
];

/// Whether the value of this setting is not to be shown.
pub(super) fn is_secret(name: &str) -> bool {
    // An address of a store may hold a password, too.
    name == "dedupe" || SECRETS.iter().any(|secret| name.contains(secret))
}

/// All settings, those of the Kafka client last.
pub(super) fn list(reader: &Reader, settings: &Settings) -> Vec<Shown> {
    let own = settings::names().map(|name| shown(reader, name, default(settings, name)));
    let properties: BTreeSet<&String> = settings
        .consumer
        .keys()
        .chain(settings.producer.keys())
        .collect();
    let properties = properties.into_iter().map(|property| {
        let value = settings.consumer.get(property);
        let value = value.or_else(|| settings.producer.get(property));
        shown(reader, &format!("kafka.{property}"), value.cloned())
    });
    let mut listed: Vec<Shown> = own.chain(properties).collect();
    // The one address that is shown as far as it is none.
    if let Some(dedupe) = listed.iter_mut().find(|one| one.name == "dedupe") {
        let target = settings.dedupe.as_ref();
        dedupe.value = Some(target.map_or("off".to_owned(), |one| one.target.to_string()));
    }
    listed
}

fn shown(reader: &Reader, name: &str, default: Option<String>) -> Shown {
    let written = reader.winner(name);
    let value = written.map(|entry| entry.value.clone()).or(default);
    Shown {
        value: match is_secret(name) {
            true => value.map(|_| MASKED.to_owned()),
            false => value,
        },
        layer: written.map_or("default".to_owned(), |entry| entry.layer.to_string()),
        name: name.to_owned(),
    }
}

/// What a setting is that nobody wrote; `None` if that is nothing, or decided elsewhere.
fn default(settings: &Settings, name: &str) -> Option<String> {
    let time = |time: Duration| Some(humantime::format_duration(time).to_string());
    let bound = &settings.bound;
    match name {
        "interval" => time(settings.interval),
        "drain_timeout" => time(settings.drain_timeout),
        "shutdown_grace" => time(settings.shutdown_grace),
        "commit_timeout" => time(settings.commit_timeout),
        "connect_timeout" => time(settings.connect_timeout),
        "max_in_flight" => Some(bound.records.to_string()),
        "max_in_flight_bytes" => Some(bound.bytes.to_string()),
        "max_in_flight_in_all" => Some(bound.all_records.to_string()),
        "max_in_flight_bytes_in_all" => Some(bound.all_bytes.to_string()),
        "lanes" => Some(settings.lanes.to_string()),
        "until_end" => Some(settings.until_end.to_string()),
        "from_beginning" => Some("false".to_owned()),
        "done_set" => Some(settings.starting.done_set.to_string()),
        "on_topic_recreated" | "on_offset_out_of_range" => Some("halt".to_owned()),
        "delivery" => Some("at_least_once".to_owned()),
        "http" => Some("off".to_owned()),
        "metrics" => Some(settings.metrics.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;
    use crate::graph::Spec;

    const SPEC: Spec = Spec {
        name: "billing",
        settings: &[("group", "billing")],
        nodes: &[],
        edges: &[],
    };

    fn listed(config: &Config) -> Vec<Shown> {
        config.settle(&SPEC).unwrap().listed
    }

    fn find<'l>(listed: &'l [Shown], name: &str) -> (&'l str, &'l str) {
        let found = listed.iter().find(|one| one.name == name).unwrap();
        (found.value.as_deref().unwrap_or("?"), &found.layer)
    }

    #[test]
    fn each_setting_has_its_value_and_says_where_it_comes_from() {
        let mut config = Config::new().kafka("fetch.min.bytes", "7");
        config.set_from_command_line("interval", "3s");
        let listed = listed(&config);
        assert_eq!(find(&listed, "interval"), ("3s", "the command line"));
        assert_eq!(find(&listed, "lanes"), ("1", "default"));
        let group = find(&listed, "group");
        assert_eq!(group, ("billing", "the #[pipeline] or #[source] attribute"));
        let size = find(&listed, "kafka.fetch.min.bytes");
        assert_eq!(size, ("7", "the program's own Config"));
        assert_eq!(
            find(&listed, "kafka.enable.auto.commit"),
            ("false", "default")
        );
        assert_eq!(
            listed
                .iter()
                .find(|one| one.name == "dedupe_max_age")
                .unwrap()
                .value,
            None
        );
    }

    #[test]
    fn secrets_are_shown_nowhere() {
        let config = Config::new()
            .kafka("sasl.password", "hunter2")
            .set("dedupe", "redis://:hunter2@host:6379");
        let listed = listed(&config);
        assert_eq!(find(&listed, "kafka.sasl.password").0, MASKED);
        assert_eq!(find(&listed, "dedupe").0, "redis://host:6379");
        let text = format!("{listed:?} {config:?}");
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_mistake_beside_a_secret_does_not_tell_it() {
        let config = Config::new().kafka("sasl.passwords", "hunter2");
        let error = config.settle(&SPEC).unwrap_err().to_string();
        assert!(error.contains("sasl.passwords"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
