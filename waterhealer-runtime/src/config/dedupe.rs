//! The settings of the dedupe store: which one, what an outage means, and when its entries expire.

use std::time::Duration;

use super::reader::Reader;
use crate::store::{Outages, Settings, Target};

/// The settings by name.
pub(super) const NAMES: &[&str] = &[
    "dedupe",
    "dedupe_outage",
    "dedupe_max_entries",
    "dedupe_max_age",
];

impl Reader {
    /// Which store there is, if any, and how it is used.
    pub(super) fn dedupe(&mut self) -> Option<Settings> {
        let target = match self.winner("dedupe") {
            None => Ok(None),
            Some(entry) => Target::parse(&entry.value).map_err(|why| (entry.layer.clone(), why)),
        };
        let outages = self.read(
            "dedupe_outage",
            Outages::Block,
            "`block` or `continue`",
            |text| match text {
                "block" => Some(Outages::Block),
                "continue" => Some(Outages::Continue),
                _ => None,
            },
        );
        let max_entries = self.number("dedupe_max_entries", 100_000);
        let max_age = self.duration("dedupe_max_age", Duration::from_secs(1_800));
        match target {
            Ok(target) => Some(Settings {
                target: target?,
                outages,
                max_entries,
                max_age,
            }),
            Err((layer, why)) => {
                // The value itself is not repeated: there may be a password in it.
                self.mistakes
                    .push(format!("{layer}: `dedupe` names no store: {why}"));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;
    use crate::graph::Spec;

    const SPEC: Spec = Spec {
        name: "billing",
        settings: &[("dedupe", "memory"), ("dedupe_max_age", "1h")],
        nodes: &[],
        edges: &[],
    };

    #[test]
    fn the_store_is_named_in_any_layer() {
        let settings = Config::new().settle(&SPEC).unwrap().dedupe.unwrap();
        assert_eq!(settings.target, Target::Memory);
        assert_eq!(settings.outages, Outages::Block);
        assert_eq!(settings.max_entries, 100_000);
        assert_eq!(settings.max_age, Duration::from_secs(3_600));
        let other = Config::new()
            .set("dedupe", "redb:kept.redb")
            .set("dedupe_outage", "continue");
        let settings = other.settle(&SPEC).unwrap().dedupe.unwrap();
        assert_eq!(settings.target, Target::Redb("kept.redb".into()));
        assert_eq!(settings.outages, Outages::Continue);
        let none = Config::new().set("dedupe", "off");
        assert_eq!(none.settle(&SPEC).unwrap().dedupe, None);
    }

    #[test]
    fn mistakes_are_told_and_passwords_are_not() {
        let config = Config::new()
            .set("dedupe", "reddis://:hunter2@host")
            .set("dedupe_outage", "panic")
            .set("dedupe_max_entries", "many");
        let error = config.settle(&SPEC).unwrap_err().to_string();
        for part in [
            "3 mistakes",
            "`dedupe` names no store",
            "`block` or `continue`",
            "`dedupe_max_entries`",
        ] {
            assert!(error.contains(part), "{part} in {error}");
        }
        assert!(!error.contains("hunter2"), "{error}");
    }
}
