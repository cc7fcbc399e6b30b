//! Partitions that stood still: how long, at which record, and what was done to the members meanwhile. Time in which there
//! was no broker does not count.

use std::time::Duration;

use super::evidence::Evidence;
use super::{Kind, Verdict};
use crate::history::{History, Place};

/// Finds each time in which a partition had work, and its committed offset did not move for longer than `limit`; and each
/// partition that was not committed to its end when the run was over.
pub(super) fn find(history: &History, evidence: &Evidence, limit: Duration, verdict: &mut Verdict) {
    for (partition, inputs) in history.inputs.iter().enumerate() {
        let looks = history
            .looks
            .iter()
            .filter(|look| look.partition == partition);
        let mut since = Duration::ZERO;
        let mut offset = 0;
        for (at, next) in looks
            .map(|look| (look.at, look.committed))
            .chain([(history.end, None)])
        {
            // Without a record there it was not standing still.
            if let Some(input) = inputs.get(offset) {
                let from = since.max(input.at);
                let stood = with_broker(history, from, at);
                let cause = || {
                    let place = Place { partition, offset };
                    cause(history, evidence, place, from, at, stood)
                };
                if stood > verdict.longest {
                    verdict.longest = stood;
                    verdict.longest_cause = cause();
                }
                if stood > limit {
                    verdict.add(Kind::Stalled, cause());
                }
            }
            since = at;
            offset = next.unwrap_or(offset);
        }
        if offset < inputs.len() {
            let place = Place { partition, offset };
            let what = format!(
                "partition {partition} was never committed to its end, {}: {} (of {place}: {})",
                inputs.len(),
                offset,
                state(history, evidence, place)
            );
            verdict.add(Kind::Stalled, what);
        }
    }
}

/// How long there was a broker in that time. Its absences do not overlap.
fn with_broker(history: &History, from: Duration, to: Duration) -> Duration {
    let absences = history.faults.iter().filter(|fault| fault.no_broker);
    let absent: Duration = absences
        .map(|fault| fault.to.min(to).saturating_sub(fault.from.max(from)))
        .sum();
    to.saturating_sub(from).saturating_sub(absent)
}

fn cause(
    history: &History,
    evidence: &Evidence,
    place: Place,
    from: Duration,
    to: Duration,
    stood: Duration,
) -> String {
    let meanwhile: Vec<String> = history
        .faults
        .iter()
        .filter(|fault| fault.from < to && fault.to > from)
        .map(|fault| format!("{} ({:.1} s)", fault.what, fault.from.as_secs_f64()))
        .collect();
    format!(
        "{place} for {:.1} s with a broker, from {:.1} s to {:.1} s; {}; meanwhile: {}",
        stood.as_secs_f64(),
        from.as_secs_f64(),
        to.as_secs_f64(),
        state(history, evidence, place),
        if meanwhile.is_empty() {
            "nothing was done to anybody".to_owned()
        } else {
            meanwhile.join(", ")
        }
    )
}

/// What is known of the record in the end: a stall may be for want of work, or of a commit.
fn state(history: &History, evidence: &Evidence, place: Place) -> &'static str {
    let poison = history.inputs[place.partition][place.offset].poison;
    let found = evidence.at(place);
    found
        .lacks(poison, u64::MAX, |_| true)
        .unwrap_or("it was finished in the end, then or before")
}
