//! Which store is meant, as it is written in the configuration, and opening it.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::memory::Memory;
use super::{Outage, Store, wall_clock};
use crate::error::{Error, ErrorKind};

/// Between two tries to reach a store at the start.
const AGAIN: Duration = Duration::from_millis(200);

/// A store by its address. Printed without a password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Memory,
    Redb(PathBuf),
    Redis(String),
}

/// What is done while the store cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outages {
    /// Wait for it.
    Block,
    /// Go on without it.
    Continue,
}

/// What is said about the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) target: Target,
    pub(crate) outages: Outages,
    /// Entries of one partition in memory, at most.
    pub(crate) max_entries: u64,
    pub(crate) max_age: Duration,
}

impl Target {
    /// What the text means; an `Err` says what is wrong with it, and never holds a password.
    pub(crate) fn parse(text: &str) -> Result<Option<Target>, String> {
        const SCHEMES: [&str; 4] = ["redis://", "rediss://", "redis+unix://", "unix://"];
        let text = text.trim();
        if let Some(path) = text.strip_prefix("redb:") {
            return match path {
                "" => Err("`redb:` names no file, such as `redb:/var/lib/billing.redb`".to_owned()),
                path => Ok(Some(Target::Redb(PathBuf::from(path)))),
            };
        }
        if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            return Ok(Some(Target::Redis(text.to_owned())));
        }
        match text {
            "off" => Ok(None),
            "memory" => Ok(Some(Target::Memory)),
            // What else stands there may hold a password.
            _ => Err("it is none of `off`, `memory`, `redb:PATH`, `redis://HOST:PORT`".to_owned()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Memory => f.write_str("memory"),
            Target::Redb(path) => write!(f, "redb:{}", path.display()),
            Target::Redis(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("redis", ""));
                // A password may have any letters, the address behind it has no `@`; parameters may name one, too.
                let rest = rest.split('?').next().unwrap_or_default();
                let address = rest.rsplit('@').next().unwrap_or_default();
                write!(f, "{scheme}://{address}")
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Opens the store, and waits up to `patience` for it to answer.
///
/// # Errors
/// When this build has no such store, it does not let us in, or it does not answer and the policy is to wait for it.
pub(crate) fn open(settings: &Settings, patience: Duration) -> Result<Box<dyn Store>, Error> {
    let target = &settings.target;
    match target {
        Target::Memory => Ok(Box::new(Memory::new(
            settings.max_entries,
            settings.max_age,
            wall_clock(),
        ))),
        #[cfg(feature = "store-redb")]
        Target::Redb(path) => match super::redb::Redb::open(path, settings.max_age, wall_clock()) {
            Ok(store) => Ok(Box::new(store)),
            Err(outage) => Err(closed(target, &outage)),
        },
        #[cfg(feature = "store-redis")]
        Target::Redis(url) => {
            let store = super::redis::Redis::new(url, settings.max_age)
                .map_err(|outage| closed(target, &outage))?;
            let until = Instant::now() + patience;
            loop {
                match store.ping() {
                    Ok(()) => break,
                    Err(outage @ Outage::Refused(_)) => return Err(closed(target, &outage)),
                    Err(Outage::Away(why)) if Instant::now() + AGAIN > until => {
                        if settings.outages == Outages::Block {
                            return Err(away(target, patience, &why));
                        }
                        tracing::warn!(store = %target, why, "the dedupe store does not answer; starting without it");
                        break;
                    }
                    Err(Outage::Away(_)) => std::thread::sleep(AGAIN),
                }
            }
            Ok(Box::new(store))
        }
        #[cfg(not(feature = "store-redb"))]
        Target::Redb(_) => Err(missing(target, "store-redb")),
        #[cfg(not(feature = "store-redis"))]
        Target::Redis(_) => Err(missing(target, "store-redis")),
    }
}

fn closed(target: &Target, outage: &Outage) -> Error {
    Error::new(
        ErrorKind::Store,
        format!(
            "the dedupe store {target} cannot be opened: {outage}. Mend that, or name another store by `dedupe`; \
             `dedupe = \"off\"` goes without one, and then records that were finished and not committed are done again"
        ),
    )
}

fn away(target: &Target, patience: Duration, why: &str) -> Error {
    Error::new(
        ErrorKind::Store,
        format!(
            "the dedupe store {target} does not answer within {}: {why}. Start it, or say where it is by `dedupe`; with \
             `dedupe_outage = \"continue\"` the pipeline runs without it, and what is finished and not committed may be \
             done again",
            humantime::format_duration(patience)
        ),
    )
}

#[cfg(not(all(feature = "store-redb", feature = "store-redis")))]
fn missing(target: &Target, feature: &str) -> Error {
    Error::new(
        ErrorKind::Store,
        format!(
            "this program is built without the store {target}: write `waterhealer = {{ version = \"…\", features = \
             [\"{feature}\"] }}` in Cargo.toml and build it again"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_known_by_its_address() {
        let parse = |text| Target::parse(text).unwrap();
        assert_eq!(parse("off"), None);
        assert_eq!(parse(" memory "), Some(Target::Memory));
        assert_eq!(
            parse("redb:a/b.redb"),
            Some(Target::Redb("a/b.redb".into()))
        );
        let redis = "redis://127.0.0.1:6379/2";
        assert_eq!(parse(redis), Some(Target::Redis(redis.to_owned())));
    }

    #[test]
    fn a_password_is_never_shown() {
        for secret in [
            "redis://user:hunter2@host:6379/1",
            "rediss://:hunter2@host:6379/1",
            "redis://:hunt@hunter2@host:6379/1?password=hunter2",
            "unix:///run/redis.sock?pass=hunter2",
        ] {
            let target = Target::parse(secret).unwrap().unwrap();
            let shown = format!("{target} {target:?}");
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains("host:6379/1") || shown.contains("redis.sock"));
        }
        for wrong in ["http://:hunter2@host", "redb:", "hunter2"] {
            let why = Target::parse(wrong).unwrap_err();
            assert!(!why.contains("hunter2"), "{why}");
        }
    }
}
