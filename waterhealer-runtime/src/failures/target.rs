//! Where failures are kept, as the setting `failures` says it: places separated by commas.

use std::fmt;
use std::path::PathBuf;

use super::Persist;
use super::directory::Directory;
use crate::error::{Error, ErrorKind};

/// A place for failures.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Directory(PathBuf),
    /// The address of a store and a prefix in it.
    Cloud(String),
    /// The address that failures are posted to. There may be a secret in it.
    Webhook(String),
}

/// What each place is called, whether this program has it, and otherwise what would give it.
const FORMS: &str = "`off`, or places separated by commas: `dir:PATH`, `s3://BUCKET/PREFIX`, `gs://…`, `az://…`, `https://…`";

impl Target {
    /// All places; none for `off`.
    ///
    /// # Errors
    /// What is wrong, without what was written: there may be a secret in it.
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Target>, String> {
        match text.trim() {
            "" => Err(format!("it is empty; there is {FORMS}")),
            "off" => Ok(Vec::new()),
            text => text.split(',').map(|place| parse(place.trim())).collect(),
        }
    }
}

fn parse(place: &str) -> Result<Target, String> {
    if let Some(path) = place.strip_prefix("dir:") {
        return match path.is_empty() {
            true => Err("`dir:` names no directory: `dir:PATH`".to_owned()),
            false => Ok(Target::Directory(path.into())),
        };
    }
    let Some((scheme, rest)) = place.split_once("://") else {
        return Err(format!("no such place is known; there is {FORMS}"));
    };
    if rest.is_empty() {
        return Err(format!("`{scheme}://` names nothing; there is {FORMS}"));
    }
    match scheme {
        "s3" | "gs" | "gcs" | "az" | "azure" if cfg!(feature = "failures-cloud") => {
            Ok(Target::Cloud(place.to_owned()))
        }
        "http" | "https" if cfg!(feature = "failures-webhook") => {
            Ok(Target::Webhook(place.to_owned()))
        }
        "s3" | "gs" | "gcs" | "az" | "azure" => Err(without(scheme, "failures-cloud")),
        "http" | "https" => Err(without(scheme, "failures-webhook")),
        _ => Err(format!("`{scheme}://` is not known; there is {FORMS}")),
    }
}

fn without(scheme: &str, feature: &str) -> String {
    format!(
        "`{scheme}://` is not built into this program: give `waterhealer` the feature `{feature}` in Cargo.toml"
    )
}

/// The place itself, ready to keep failures.
///
/// # Errors
/// When it cannot be made, or what names it is not understood.
pub(crate) fn open(target: &Target) -> Result<Box<dyn Persist>, Error> {
    let failed = |why: String| {
        let message = format!("failures cannot be kept in {target}: {why}");
        Error::new(ErrorKind::Configuration, message)
    };
    match target {
        Target::Directory(path) => match Directory::open(path) {
            Ok(directory) => Ok(Box::new(directory)),
            Err(error) => Err(failed(error.to_string())),
        },
        #[cfg(feature = "failures-cloud")]
        Target::Cloud(url) => match super::cloud::Cloud::open(url) {
            Ok(cloud) => Ok(Box::new(cloud)),
            Err(error) => Err(failed(error.to_string())),
        },
        #[cfg(feature = "failures-webhook")]
        Target::Webhook(url) => match super::webhook::Webhook::open(url) {
            Ok(webhook) => Ok(Box::new(webhook)),
            Err(error) => Err(failed(error.to_string())),
        },
        #[cfg(not(all(feature = "failures-cloud", feature = "failures-webhook")))]
        _ => Err(failed("it is not built into this program".to_owned())),
    }
}

impl fmt::Display for Target {
    /// Without what may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Directory(path) => write!(f, "{}", path.display()),
            Target::Cloud(url) => f.write_str(url.split('?').next().unwrap_or_default()),
            Target::Webhook(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                let host = host.rsplit('@').next().unwrap_or_default();
                write!(f, "{scheme}://{host}/…")
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
