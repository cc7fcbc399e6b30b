//! Whether the pipeline is alive, and whether it is ready. The state of the brokers stays out of it: a restart does not mend
//! them, and all members would be restarted at once.

use serde_json::{Value, json};

use super::view::View;
use crate::flow::Phase;

/// What a probe hears.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) good: bool,
    pub(super) says: Value,
}

/// Whether a restart would not help: the consumer thread polls, and no watchdog has asked for one.
pub(super) fn live(view: &View) -> Verdict {
    let control = &view.control;
    if control.phase() == Phase::Stopped {
        return bad("stopped", "the pipeline has ended");
    }
    if let Err(why) = control.health() {
        return bad("stuck", &why);
    }
    good(json!({ "status": "live", "phase": control.phase() }))
}

/// Whether it works: it has partitions, or stands by as a member of the group for which there are none.
pub(super) fn ready(view: &View) -> Verdict {
    let control = &view.control;
    let partitions = control.partitions().len();
    let reads = view.spec.read_topics().next().is_some();
    match control.phase() {
        Phase::Starting => bad(
            "starting",
            "the group has not said yet which partitions this member has",
        ),
        Phase::Draining => bad("draining", "the pipeline ends: it takes no new records"),
        Phase::Stopped => bad("stopped", "the pipeline has ended"),
        Phase::Running | Phase::Paused if reads && partitions == 0 => good(json!({
            "status": "standing by",
            "phase": control.phase(),
            "partitions": 0,
        })),
        Phase::Running | Phase::Paused => good(json!({
            "status": "ready",
            "phase": control.phase(),
            "partitions": partitions,
        })),
    }
}

fn good(says: Value) -> Verdict {
    Verdict { good: true, says }
}

fn bad(status: &str, reason: &str) -> Verdict {
    Verdict {
        good: false,
        says: json!({ "status": status, "reason": reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::view;
    use super::*;

    fn status(verdict: &Verdict) -> (bool, &str) {
        let status = verdict.says.get("status").and_then(Value::as_str);
        (verdict.good, status.unwrap_or_default())
    }

    #[test]
    fn it_is_ready_once_it_has_joined_and_until_it_drains() {
        let view = view();
        for (phase, expected) in [
            (Phase::Starting, (false, "starting")),
            (Phase::Running, (true, "ready")),
            (Phase::Paused, (true, "ready")),
            (Phase::Draining, (false, "draining")),
            (Phase::Stopped, (false, "stopped")),
        ] {
            view.control.set_phase(phase);
            assert_eq!(status(&ready(&view)), expected, "{phase:?}");
        }
    }

    #[test]
    fn it_is_alive_until_a_watchdog_says_otherwise() {
        let view = view();
        assert_eq!(status(&live(&view)), (true, "live"));
        view.control
            .raise_alarm("nothing was committed for an hour".to_owned());
        let verdict = live(&view);
        assert_eq!(status(&verdict), (false, "stuck"));
        view.control.set_phase(Phase::Stopped);
        assert_eq!(status(&live(&view)), (false, "stopped"));
    }
}
