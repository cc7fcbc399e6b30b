//! The settings of kept failures: where they go, and what is left out of them.

use super::reader::Reader;
use crate::failures::Target;

/// The settings by name.
pub(super) const NAMES: &[&str] = &["failures", "failures_mask", "failures_attempts"];

/// Where failures go, and what is left out of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Keeping {
    pub(crate) targets: Vec<Target>,
    /// Names of fields.
    pub(crate) mask: Vec<String>,
    /// Whether attempts that are made again are told of, too.
    pub(crate) attempts: bool,
}

impl Reader {
    pub(super) fn failures(&mut self) -> Keeping {
        let targets = self.winner("failures").map(|entry| {
            // The value itself is not repeated: there may be a secret in it.
            Target::parse_all(&entry.value)
                .map_err(|why| format!("{}: `failures` names no place: {why}", entry.layer))
        });
        let targets = match targets.unwrap_or_else(|| Ok(Vec::new())) {
            Ok(targets) => targets,
            Err(mistake) => {
                self.mistakes.push(mistake);
                Vec::new()
            }
        };
        let mask = self.read(
            "failures_mask",
            Vec::new(),
            "names separated by commas",
            |text| {
                let names = text.split(',').map(str::trim);
                Some(
                    names
                        .filter(|name| !name.is_empty())
                        .map(str::to_owned)
                        .collect(),
                )
            },
        );
        Keeping {
            targets,
            mask,
            attempts: self.truth("failures_attempts"),
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
        settings: &[("failures", "dir:failed")],
        nodes: &[],
        edges: &[],
    };

    #[test]
    fn places_are_named_in_any_layer() {
        let settings = Config::new()
            .set("failures_mask", "iban, card,")
            .settle(&SPEC)
            .unwrap();
        assert_eq!(
            settings.failures,
            Keeping {
                targets: vec![Target::Directory("failed".into())],
                mask: vec!["iban".to_owned(), "card".to_owned()],
                attempts: false,
            }
        );
        let several = Config::new().set("failures", "dir:a, dir:b");
        assert_eq!(several.settle(&SPEC).unwrap().failures.targets.len(), 2);
        let off = Config::new().set("failures", "off");
        assert_eq!(off.settle(&SPEC).unwrap().failures, Keeping::default());
    }

    #[test]
    fn mistakes_are_told_and_secrets_are_not() {
        for wrong in ["ftp://hunter2@host", "hunter2", "dir:", "", "dir:x,,"] {
            let error = Config::new().set("failures", wrong).settle(&SPEC);
            let error = error.unwrap_err().to_string();
            assert!(error.contains("`failures` names no place"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[cfg(not(feature = "failures-webhook"))]
    #[test]
    fn what_is_not_built_in_is_told_with_its_feature() {
        let error = Config::new().set("failures", "https://host/hunter2");
        let error = error.settle(&SPEC).unwrap_err().to_string();
        assert!(error.contains("`failures-webhook`"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
