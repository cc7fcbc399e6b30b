//! The checker's teeth: histories made by hand, one without a fault, and one with each violation that there is.

use std::time::Duration;

use super::{Demands, Kind, Verdict, check};
use crate::history::{History, Input, Look, Note, Output, Place, Span};

const DEMANDS: Demands = Demands {
    once: true,
    stall: Duration::from_secs(30),
};

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn place(partition: usize, offset: usize) -> Place {
    Place { partition, offset }
}

/// Two partitions of three records, written at the first second; the second record of partition 1 is poison. Each is
/// done, then committed: at the seconds 2, 3 and 4.
fn good() -> History {
    let mut history = History {
        inputs: vec![Vec::new(), Vec::new()],
        end: s(6),
        ..History::default()
    };
    for offset in 0..3 {
        for partition in 0..2 {
            let of = place(partition, offset);
            let poison = of == place(1, 1);
            let number = (10 * partition + offset) as u64;
            history.inputs[partition].push(Input {
                number,
                poison,
                at: s(1),
            });
            history.notes.push(Note {
                of,
                refused: poison,
                until: 10 * (history.notes.len() as u64 + 1),
            });
            if !poison {
                let at = place(0, history.outputs.len());
                history.outputs.push(Output { at, of, number });
            }
        }
        for partition in 0..2 {
            history.looks.push(Look {
                at: s(2 + offset as u64),
                partition,
                committed: Some(offset + 1),
                journal: 10 * history.notes.len() as u64,
                output_ends: vec![history.outputs.len()],
            });
        }
    }
    history
}

/// The one violation of a history, of this kind.
#[track_caller]
fn only(history: &History, kind: Kind) -> String {
    let verdict = check(history, DEMANDS);
    let [violation] = &verdict.violations[..] else {
        panic!("one violation: {verdict:#?}");
    };
    assert_eq!(violation.kind, kind, "{violation}");
    violation.what.clone()
}

fn kinds(verdict: &Verdict) -> Vec<Kind> {
    verdict
        .violations
        .iter()
        .map(|violation| violation.kind)
        .collect()
}

#[test]
fn a_good_run_is_good() {
    let verdict = check(&good(), DEMANDS);
    assert_eq!(verdict.violations, []);
    assert_eq!(
        (verdict.inputs, verdict.poisoned, verdict.outputs),
        (6, 1, 5)
    );
    assert_eq!(
        (verdict.done_again, verdict.repeated, verdict.moves),
        (0, 0, 6)
    );
    assert_eq!(verdict.longest, s(1));
}

#[test]
fn an_output_that_is_not_there_is_a_lost_record() {
    let mut history = good();
    // Written last: no other output moves.
    history.outputs.pop();
    let verdict = check(&history, DEMANDS);
    // And its commit passed it.
    assert_eq!(kinds(&verdict), [Kind::Lost, Kind::Passed]);
    assert!(
        verdict.violations[0]
            .what
            .contains("partition 1 offset 2: its output is not there"),
        "{verdict:?}"
    );
}

#[test]
fn a_record_that_no_stage_has_done_is_lost_though_its_output_is_there() {
    let mut history = good();
    history.notes.pop();
    let verdict = check(&history, DEMANDS);
    assert_eq!(kinds(&verdict), [Kind::Lost, Kind::Passed]);
}

#[test]
fn a_poisoned_record_that_nobody_refused_is_lost() {
    let mut history = good();
    history.notes.retain(|note| !note.refused);
    let verdict = check(&history, DEMANDS);
    assert_eq!(kinds(&verdict), [Kind::Lost, Kind::Passed]);
    assert!(
        verdict.violations[0]
            .what
            .contains("no stage has refused it")
    );
}

#[test]
fn an_output_that_is_there_twice_counts_and_is_wrong_where_it_may_be_there_once() {
    let mut history = good();
    let mut again = history.outputs[0];
    again.at = place(0, history.outputs.len());
    history.outputs.push(again);
    let what = only(&history, Kind::Repeated);
    assert!(
        what.contains("partition 0 offset 0") && what.contains("2 times"),
        "{what}"
    );

    let at_least_once = Demands {
        once: false,
        ..DEMANDS
    };
    let verdict = check(&history, at_least_once);
    assert_eq!((verdict.violations.len(), verdict.repeated), (0, 1));
}

#[test]
fn work_done_again_is_counted() {
    let mut history = good();
    let again = history.notes[2];
    history.notes.push(Note { until: 70, ..again });
    assert_eq!(check(&history, DEMANDS).done_again, 1);
}

#[test]
fn a_commit_before_the_work_is_seen_though_the_work_is_done_later() {
    let mut history = good();
    // At second 2 partition 1 had a journal that ended with partition 0's note.
    history.looks[1].journal = 10;
    let what = only(&history, Kind::Passed);
    assert!(
        what.contains("1 was committed at 2.00 s")
            && what.contains("partition 1 offset 0")
            && what.contains("no stage has done it"),
        "{what}"
    );
}

#[test]
fn a_commit_before_the_output_is_seen_though_the_output_comes_later() {
    let mut history = good();
    history.looks[1].output_ends = vec![1];
    let what = only(&history, Kind::Passed);
    assert!(what.contains("its output is not there"), "{what}");
}

#[test]
fn a_commit_past_the_end_is_seen() {
    let mut history = good();
    history.looks[4].committed = Some(4);
    let what = only(&history, Kind::Passed);
    assert!(what.contains("3 is its end"), "{what}");
}

#[test]
fn a_committed_offset_that_moves_back_or_goes_is_seen() {
    let mut history = good();
    history.looks[2].committed = Some(0);
    let what = only(&history, Kind::MovedBack);
    assert!(
        what.contains("partition 0 at 3.00 s: from 1 to 0"),
        "{what}"
    );

    history.looks[2].committed = None;
    let what = only(&history, Kind::MovedBack);
    assert!(what.contains("then nothing was"), "{what}");
}

#[test]
fn a_partition_that_stands_still_is_named_with_what_was_done_meanwhile() {
    let mut history = good();
    let fault = |from, to, what: &str| Span {
        from: s(from),
        to: s(to),
        what: what.to_owned(),
        no_broker: what == "no broker",
    };
    history.faults = vec![
        fault(0, 2, "delay"),
        fault(10, 12, "kill -9 of member 1"),
        fault(48, 49, "cut"),
    ];
    history.faults.push(fault(20, 26, "no broker"));
    // Partition 1's last commit, and the end, come 43 seconds later.
    history.looks[5].at = s(47);
    history.end = s(48);
    let what = only(&history, Kind::Stalled);
    assert!(
        what.contains("partition 1 offset 2 for 38.0 s with a broker, from 3.0 s to 47.0 s")
            && what.contains("kill -9 of member 1 (10.0 s)")
            && !what.contains("delay")
            && !what.contains("cut"),
        "{what}"
    );

    history.faults[3].to = s(35);
    assert_eq!(
        check(&history, DEMANDS).violations,
        [],
        "29 seconds with a broker are no stall"
    );
}

#[test]
fn standing_still_without_work_is_no_stall() {
    let mut history = good();
    history.inputs[1][2].at = s(90);
    history.looks[5].at = s(91);
    history.end = s(200);
    assert_eq!(check(&history, DEMANDS).violations, []);
}

#[test]
fn a_partition_that_is_never_committed_to_its_end_is_a_stall_however_short_the_run() {
    let mut history = good();
    history.looks.pop();
    let what = only(&history, Kind::Stalled);
    assert!(
        what.contains("partition 1 was never committed to its end, 3: 2"),
        "{what}"
    );
}

#[test]
fn what_comes_of_nothing_is_seen() {
    let mut history = good();
    history.outputs[4].number = 4711;
    let verdict = check(&history, DEMANDS);
    assert!(kinds(&verdict).contains(&Kind::Foreign) && kinds(&verdict).contains(&Kind::Lost));

    let mut history = good();
    let mut stranger = history.outputs[4];
    stranger.of = place(1, 77);
    history.outputs.push(stranger);
    only(&history, Kind::Foreign);

    let mut history = good();
    let mut stranger = history.notes[0];
    stranger.of = place(7, 0);
    history.notes.push(stranger);
    only(&history, Kind::Foreign);
}

#[test]
fn an_output_of_a_poisoned_record_is_seen() {
    let mut history = good();
    history.outputs.push(Output {
        at: place(0, 5),
        of: place(1, 1),
        number: 11,
    });
    only(&history, Kind::Foreign);
}

#[test]
fn a_member_that_crashed_is_told() {
    let mut history = good();
    history.crashes.push("member 1: SIGSEGV".to_owned());
    assert_eq!(only(&history, Kind::Crashed), "member 1: SIGSEGV");
}
