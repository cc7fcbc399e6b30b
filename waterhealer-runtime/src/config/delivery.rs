//! What a pipeline's delivery asks of the configuration: properties that it refuses, transactions and their time. The delivery
//! itself is decided where the pipeline is compiled.

use std::time::Duration;

use super::client::{self, Properties};
use super::reader::Reader;
use crate::graph::Spec;

impl Reader {
    /// A setting of the delivery must be what was compiled: the graph was checked for that.
    pub(super) fn refuse_other_delivery(&mut self, spec: &Spec) {
        let says = match spec.is_exactly_once() {
            true => "exactly_once",
            false => "at_least_once",
        };
        for entry in self.entries.iter().filter(|entry| entry.key == "delivery") {
            if entry.value != says {
                self.mistakes.push(format!(
                    "{}: `delivery = {}` is refused: the pipeline was compiled for `{says}`, and its graph checked for that. \
                     Change `#[pipeline(delivery = …)]` instead",
                    entry.layer, entry.value
                ));
            }
        }
    }

    /// How long a transaction may last, and what does not go with that.
    pub(super) fn transactions(
        &mut self,
        kafka: &Properties,
        interval: Duration,
        drain: Duration,
        dedupes: bool,
    ) -> Duration {
        let timeout = transaction_timeout(kafka, drain);
        self.mistakes.extend(too_rarely(interval, timeout));
        if dedupes {
            self.mistakes.push(WITH_DEDUPE.to_owned());
        }
        timeout
    }
}

/// All properties of the producer; `timeout` is that of its transactions, if it writes in transactions.
pub(super) fn producer(given: &Properties, group: &str, timeout: Option<Duration>) -> Properties {
    match timeout {
        Some(timeout) => transactional(given, group, timeout),
        None => client::producer(given),
    }
}

/// What a store knows is finished may be in a transaction that is aborted.
const WITH_DEDUPE: &str = "`dedupe` is refused with `delivery = exactly_once`: it would pass over records whose outputs \
     were in a transaction that was aborted, and nothing comes twice without it. Take it out";

/// Between two heals unless something else is said. In transactions nothing is visible before them.
pub(super) fn interval(exactly_once: bool) -> Duration {
    match exactly_once {
        true => Duration::from_millis(200),
        false => Duration::from_secs(10),
    }
}

/// Why a transaction of this time cannot be healed so rarely, if it cannot.
fn too_rarely(interval: Duration, timeout: Duration) -> Option<String> {
    (interval * 2 > timeout).then(|| {
        format!(
            "`interval` ({}) must be at most half of `transaction.timeout.ms` ({} ms): the broker would abort a transaction \
             before it is committed",
            humantime::format_duration(interval),
            timeout.as_millis()
        )
    })
}

/// Why a property with this value is refused by a pipeline that delivers exactly once, or by any other, if it is.
pub(super) fn refused(name: &str, value: &str, exactly_once: bool) -> Option<&'static str> {
    match (name, value, exactly_once) {
        ("transactional.id" | "transaction.timeout.ms", _, false) => Some(
            "this pipeline writes without transactions: `#[pipeline(delivery = exactly_once)]` asks for them",
        ),
        ("isolation.level", "read_uncommitted", true) => Some(
            "records of transactions that are aborted later would be read, and what came of them would stay: exactly once \
             needs `read_committed`",
        ),
        ("acks" | "request.required.acks", value, true) if !matches!(value, "all" | "-1") => {
            Some("a transaction counts only when all replicas have it: exactly once needs `all`")
        }
        ("enable.idempotence", "false", true) => {
            Some("a message that is sent again would be there twice: exactly once needs `true`")
        }
        _ => None,
    }
}

/// What is added to a revoke's drain for a transaction to be committed in its time, and the least that makes.
const FOR_A_COMMIT: Duration = Duration::from_secs(5);
const AT_LEAST: Duration = Duration::from_secs(10);

/// The broker aborts a transaction that is open for longer. Until then, the outputs of a process that was killed keep readers
/// of committed records waiting, so it is as short as a revoke allows: work under way gets its drain, and the commit its time.
fn transaction_timeout(given: &Properties, drain: Duration) -> Duration {
    let given = given.get("transaction.timeout.ms");
    match given.and_then(|millis| millis.parse().ok()) {
        Some(millis) => Duration::from_millis(millis),
        None => (drain * 5 / 4 + FOR_A_COMMIT).max(AT_LEAST),
    }
}

/// All properties of a producer that writes in transactions.
fn transactional(given: &Properties, group: &str, timeout: Duration) -> Properties {
    let mut properties = client::producer(given);
    let mut set = |name: &str, value: String| {
        properties.entry(name.to_owned()).or_insert(value);
    };
    // Of a static member, a restart ends what its predecessor has left open. Any other leaves that to the broker.
    let id = match given.get("group.instance.id") {
        Some(instance) => format!("{group}-{instance}"),
        None => format!("{group}-{}", uuid::Uuid::new_v4()),
    };
    set("transactional.id", id);
    set("transaction.timeout.ms", timeout.as_millis().to_string());
    // Nobody waits for a single message.
    set("delivery.report.only.error", "true".to_owned());
    properties
}

#[cfg(test)]
mod tests {
    use super::super::client::with_defaults;
    use super::*;

    #[test]
    fn what_a_delivery_does_not_allow_is_refused() {
        for (name, value) in [
            ("isolation.level", "read_uncommitted"),
            ("acks", "1"),
            ("enable.idempotence", "false"),
        ] {
            assert!(refused(name, value, true).is_some(), "{name}");
            assert!(refused(name, value, false).is_none(), "{name}");
        }
        assert!(refused("transactional.id", "x", false).is_some());
        assert!(refused("transactional.id", "x", true).is_none());
        assert!(refused("acks", "all", true).is_none());
    }

    #[test]
    fn a_transaction_has_time_for_a_revoke_and_its_commit() {
        let seconds = |drain| transaction_timeout(&Properties::new(), Duration::from_secs(drain));
        assert_eq!(seconds(20), Duration::from_secs(30));
        assert_eq!(seconds(1), Duration::from_secs(10));
        let given = with_defaults(&[("transaction.timeout.ms", "6000")], &Properties::new());
        let timeout = transaction_timeout(&given, Duration::from_secs(20));
        assert_eq!(timeout, Duration::from_secs(6));
    }

    #[test]
    fn a_static_member_keeps_its_transactional_id() {
        let id = |given: &[(&str, &str)]| {
            let given = with_defaults(given, &Properties::new());
            transactional(&given, "billing", Duration::from_secs(10))["transactional.id"].clone()
        };
        assert_eq!(id(&[("group.instance.id", "a")]), "billing-a");
        assert_eq!(id(&[("transactional.id", "mine")]), "mine");
        assert_ne!(id(&[]), id(&[]), "two processes are two producers");
    }

    #[test]
    fn a_transaction_is_healed_twice_in_its_time_at_least() {
        let seconds = Duration::from_secs;
        assert!(too_rarely(interval(true), seconds(10)).is_none());
        assert!(too_rarely(seconds(5), seconds(10)).is_none());
        assert!(too_rarely(seconds(6), seconds(10)).is_some());
    }
}
