//! The settings of `auto_shutdown`: what is watched, and for how long it may stand still. What is made of them is
//! `lifecycle`'s.

use std::fmt;
use std::time::Duration;

use super::reader::Reader;

/// The settings by name.
pub(super) const NAMES: &[&str] = &[
    "auto_shutdown",
    "auto_shutdown_got_error",
    OFFSET,
    "auto_shutdown_when_idle",
    POLLING,
    AWAY,
    "auto_shutdown_auto_expired",
    "auto_shutdown_max_total_commit",
    "auto_shutdown_interval",
    "auto_shutdown_sleep_before_shutdown",
];

const OFFSET: &str = "auto_shutdown_graceful_offset";
const POLLING: &str = "auto_shutdown_graceful_polling";
const AWAY: &str = "auto_shutdown_brokers_away";

const HOUR: Duration = Duration::from_secs(3_600);

/// For how long brokers are away where somebody asks for that watchdog without a time.
pub(super) const BROKERS_AWAY: &str = "5m";

/// What is watched; `None` is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watchdogs {
    /// Whether a program ends when its pipeline has failed.
    pub(crate) got_error: bool,
    /// No offset was committed for so long, although there is work to commit.
    pub(crate) graceful_offset: Option<Duration>,
    /// The same although there is none.
    pub(crate) when_idle: bool,
    /// The consumer thread has not polled for so long.
    pub(crate) graceful_polling: Option<Duration>,
    /// No broker has answered for so long.
    pub(crate) brokers_away: Option<Duration>,
    /// The pipeline has run for so long.
    pub(crate) auto_expired: Option<Duration>,
    /// So many commits were made.
    pub(crate) max_total_commit: Option<u64>,
    /// Between two looks.
    pub(crate) interval: Duration,
    /// Between a watchdog's word and the end.
    pub(crate) sleep_before_shutdown: Duration,
}

/// Waits of the pipeline that are in order, and no reason to end it.
pub(super) struct Waits {
    /// Between two heals.
    pub(super) heal: Duration,
    /// The consumer thread waits for the lanes in a revoke, or for a transaction.
    pub(super) lanes: Duration,
}

impl Watchdogs {
    /// Whether there is anything to look at.
    pub(crate) fn is_watching(&self) -> bool {
        let times = [
            self.graceful_offset,
            self.graceful_polling,
            self.brokers_away,
            self.auto_expired,
        ];
        times.iter().any(Option::is_some) || self.max_total_commit.is_some()
    }
}

impl fmt::Display for Watchdogs {
    /// Those that watch, and from when on they bark.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |time: Duration| humantime::format_duration(time).to_string();
        let watching = [
            ("graceful_offset", self.graceful_offset.map(time)),
            ("graceful_polling", self.graceful_polling.map(time)),
            ("brokers_away", self.brokers_away.map(time)),
            ("auto_expired", self.auto_expired.map(time)),
            (
                "max_total_commit",
                self.max_total_commit.map(|count| count.to_string()),
            ),
        ];
        let mut watching = watching
            .into_iter()
            .filter_map(|(name, limit)| Some((name, limit?)));
        match watching.next() {
            None => f.write_str("none"),
            Some((name, limit)) => {
                write!(f, "{name} {limit}")?;
                watching.try_for_each(|(name, limit)| write!(f, ", {name} {limit}"))
            }
        }
    }
}

impl Reader {
    /// What is watched: each watchdog whose setting is given, and with `auto_shutdown = true` those with a default as well.
    pub(super) fn watchdogs(&mut self, waits: &Waits) -> Watchdogs {
        let all = self.read("auto_shutdown", None, "true or false", |text| {
            text.parse().ok().map(Some)
        });
        let default = |time: Duration| (all == Some(true)).then_some(time);
        let truth = |text: &str| text.parse().ok();
        let found = Watchdogs {
            got_error: self.read("auto_shutdown_got_error", true, "true or false", truth),
            graceful_offset: self.limit(OFFSET, default(HOUR)),
            when_idle: self.truth("auto_shutdown_when_idle"),
            graceful_polling: self.limit(POLLING, default(HOUR / 2)),
            brokers_away: self.limit(AWAY, default(HOUR / 12)),
            auto_expired: self.limit("auto_shutdown_auto_expired", default(3 * HOUR)),
            max_total_commit: self.read(
                "auto_shutdown_max_total_commit",
                None,
                "a whole number; 0 turns it off",
                |text| {
                    text.parse()
                        .ok()
                        .map(|count| Some(count).filter(|count| *count > 0))
                },
            ),
            interval: self.read(
                "auto_shutdown_interval",
                Duration::from_secs(5),
                "a time above zero such as `5s`, or a number of seconds",
                |text| time_of(text).filter(|time| !time.is_zero()),
            ),
            sleep_before_shutdown: self.read(
                "auto_shutdown_sleep_before_shutdown",
                Duration::from_secs(2),
                "a time such as `2s`, or a number of seconds",
                time_of,
            ),
        };
        if all == Some(false) {
            return Watchdogs {
                graceful_offset: None,
                graceful_polling: None,
                brokers_away: None,
                auto_expired: None,
                max_total_commit: None,
                ..found
            };
        }
        self.refuse_impatient(&found, waits);
        found
    }

    /// How long something may stand still; `None` for zero.
    fn limit(&mut self, key: &str, default: Option<Duration>) -> Option<Duration> {
        let wanted = "a time such as `90m`, or a number of seconds; 0 turns it off";
        self.read(key, default, wanted, |text| {
            time_of(text).map(|time| Some(time).filter(|time| !time.is_zero()))
        })
    }

    /// A watchdog that barks at what is in order would end the pipeline again and again.
    fn refuse_impatient(&mut self, watchdogs: &Watchdogs, waits: &Waits) {
        let checks = [
            (
                OFFSET,
                watchdogs.graceful_offset,
                waits.heal * 2,
                "twice `interval`: offsets are committed no more often than that",
            ),
            (
                POLLING,
                watchdogs.graceful_polling,
                waits.lanes * 2,
                "twice `drain_timeout`, and twice `transaction.timeout.ms` where there are transactions: the consumer thread \
                 may wait for work under way that long",
            ),
            (
                AWAY,
                watchdogs.brokers_away,
                watchdogs.interval * 2,
                "twice `auto_shutdown_interval`: the brokers are asked no more often than that",
            ),
        ];
        for (key, limit, least, why) in checks {
            let Some(limit) = limit.filter(|limit| *limit < least) else {
                continue;
            };
            let layer = self.winner(key).map(|entry| entry.layer.to_string());
            self.mistakes.push(format!(
                "{}: `{key}` ({}) must be at least {}, which is {why}",
                layer.unwrap_or_else(|| "the defaults of `auto_shutdown`".to_owned()),
                humantime::format_duration(limit),
                humantime::format_duration(least)
            ));
        }
    }
}

/// A number of seconds, as the Python library has it, or a time.
fn time_of(text: &str) -> Option<Duration> {
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Layer};
    use super::*;
    use crate::error::Error;
    use crate::graph::Spec;

    const fn spec(settings: &'static [(&'static str, &'static str)]) -> Spec {
        Spec {
            name: "billing",
            settings,
            nodes: &[],
            edges: &[],
        }
    }

    fn settled(config: &Config, spec: &Spec) -> Result<Watchdogs, Error> {
        config.settle(spec).map(|settings| settings.watchdogs)
    }

    #[test]
    fn nothing_is_watched_that_nobody_asked_for() {
        let nothing = settled(&Config::new(), &spec(&[])).unwrap();
        assert!(!nothing.is_watching());
        assert!(nothing.got_error);
        let one = [("auto_shutdown_auto_expired", "3h")];
        let one = settled(&Config::new().set(one[0].0, one[0].1), &spec(&[])).unwrap();
        assert_eq!(one.auto_expired, Some(3 * HOUR));
        assert_eq!(
            Watchdogs {
                auto_expired: None,
                ..one
            },
            nothing
        );
    }

    #[test]
    fn asked_for_as_a_whole_it_has_the_times_of_the_python_library() {
        let all = settled(&Config::new().set("auto_shutdown", "true"), &spec(&[])).unwrap();
        let expected = Watchdogs {
            got_error: true,
            graceful_offset: Some(HOUR),
            when_idle: false,
            graceful_polling: Some(HOUR / 2),
            brokers_away: Some(HOUR / 12),
            auto_expired: Some(3 * HOUR),
            max_total_commit: None,
            interval: Duration::from_secs(5),
            sleep_before_shutdown: Duration::from_secs(2),
        };
        assert_eq!(all, expected);
        assert_eq!(time_of(BROKERS_AWAY), expected.brokers_away);
        assert_eq!(
            all.to_string(),
            "graceful_offset 1h, graceful_polling 30m, brokers_away 5m, auto_expired 3h"
        );
    }

    #[test]
    fn zero_turns_one_off_and_false_all_of_them() {
        const SAID: Spec = spec(&[
            ("auto_shutdown", "true"),
            ("auto_shutdown_max_total_commit", "100"),
        ]);
        let zero = Config::new()
            .set("auto_shutdown_auto_expired", "0")
            .set("auto_shutdown_graceful_polling", "0s")
            .set("auto_shutdown_max_total_commit", "0");
        let zero = settled(&zero, &SAID).unwrap();
        assert_eq!(zero.auto_expired, None);
        assert_eq!(zero.graceful_polling, None);
        assert_eq!(zero.max_total_commit, None);
        assert_eq!(zero.graceful_offset, Some(HOUR));
        let none = settled(&Config::new().set("auto_shutdown", "false"), &SAID).unwrap();
        assert!(!none.is_watching());
    }

    #[test]
    fn the_variables_of_the_python_library_are_seconds_and_give_way_to_the_attribute() {
        const SAID: Spec = spec(&[("auto_shutdown_auto_expired", "2h")]);
        let mut config = Config::new();
        let variables = [
            ("HEALING_GOT_ERROR", "False"),
            ("HEALING_GRACEFUL_OFFSET", "5400"),
            ("HEALING_GRACEFUL_POLLING", "90m"),
            ("HEALING_INTERVAL", "7"),
            ("HEALING_SLEEP_BEFORE_SHUTDOWN", "0"),
            ("HEALING_AUTO_EXPIRED", "172800"),
            ("HEALING_MAX_TOTAL_COMMIT", "12"),
            ("HEALING_GOT_DASK", "true"),
        ];
        config.read_environment(
            variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let found = settled(&config, &SAID).unwrap();
        let expected = Watchdogs {
            got_error: false,
            graceful_offset: Some(Duration::from_secs(5_400)),
            when_idle: false,
            graceful_polling: Some(Duration::from_secs(5_400)),
            brokers_away: Some(Duration::from_secs(300)),
            auto_expired: Some(2 * HOUR),
            max_total_commit: Some(12),
            interval: Duration::from_secs(7),
            sleep_before_shutdown: Duration::ZERO,
        };
        assert_eq!(found, expected);
        assert!(
            config
                .entries
                .iter()
                .all(|entry| matches!(entry.layer, Layer::Fallback(_)))
        );
        let off = Config::new();
        let mut off = off.set("auto_shutdown", "true");
        let variable = ("HEALING_GOT_DASK".to_owned(), "0".to_owned());
        off.read_environment([variable].into_iter());
        assert_eq!(settled(&off, &spec(&[])).unwrap().brokers_away, None);
    }

    #[test]
    fn a_watchdog_that_would_bark_at_what_is_in_order_is_refused() {
        let config = Config::new()
            .set("auto_shutdown_graceful_offset", "10s")
            .set("auto_shutdown_graceful_polling", "30s")
            .set("auto_shutdown_brokers_away", "6s")
            .set("auto_shutdown_auto_expired", "soon");
        let error = settled(&config, &spec(&[])).unwrap_err().to_string();
        for part in [
            "4 mistakes",
            "`auto_shutdown_graceful_offset` (10s) must be at least 20s, which is twice `interval`",
            "`auto_shutdown_graceful_polling` (30s) must be at least 45s, which is twice `drain_timeout`",
            "`auto_shutdown_brokers_away` (6s) must be at least 10s",
            "`auto_shutdown_auto_expired` must be a time such as `90m`, or a number of seconds; 0 turns it off, not `soon`",
        ] {
            assert!(error.contains(part), "{part} in {error}");
        }
    }
}
