//! The transaction of a pipeline that delivers exactly once, as a value: open, closing, committing, given up. Each state has
//! only the steps that it allows, and is used up by them. Pure: nothing is sent or waited for here; `exact` does that.

use std::time::{Duration, Instant};

use super::mailbox::Sealed;
use crate::broker::TransactionError;
use crate::error::{Error, ErrorKind};

/// How much of a transaction's time is kept for its commit: a fifth.
const FOR_THE_COMMIT: u32 = 5;

/// Outputs go into it.
#[derive(Debug)]
pub(super) struct Open {
    since: Instant,
    /// The broker's limit, after which it aborts the transaction by itself.
    timeout: Duration,
}

/// The lanes are asked to seal.
#[derive(Debug)]
pub(super) struct Closing {
    open: Open,
    until: Instant,
}

/// What was staged goes with these positions.
#[derive(Debug)]
pub(super) struct Committing {
    open: Open,
}

/// It cannot be committed any more.
#[derive(Debug)]
pub(super) struct GivenUp {
    why: Why,
}

/// What becomes of a transaction whose lanes have sealed.
#[derive(Debug)]
pub(super) enum Next {
    /// Nothing can be committed now; more goes into it.
    GoOn(Open),
    Commit(Committing),
    GiveUp(GivenUp),
}

/// What becomes of the process after a transaction that was given up.
#[derive(Debug)]
pub(super) enum After {
    /// All partitions are given up with it or read again from the last commit, and another begins. Why.
    Anew(String),
    /// What the lanes believe finished is not: only a new start reads on from the last commit.
    End(Error),
}

#[derive(Debug)]
enum Why {
    /// Work was still under way when its time ran out.
    Late { waited: Duration },
    /// Operators keep holding records back whose outputs are in it already.
    Torn { waited: Duration },
    /// The partitions went to somebody else before it was committed.
    Lost,
    /// A record halts the pipeline.
    Halted,
    /// The brokers or the client refuse a step.
    Refused(TransactionError),
}

impl Open {
    pub(super) fn begin(now: Instant, timeout: Duration) -> Self {
        Open {
            since: now,
            timeout,
        }
    }

    /// Lets it end; the lanes may take as long as its own time, or the caller's patience, allows.
    pub(super) fn close(self, now: Instant, patience: Duration) -> Closing {
        let own = self.since + (self.timeout - self.timeout / FOR_THE_COMMIT);
        Closing {
            until: own.min(now + patience),
            open: self,
        }
    }

    /// The partitions went to somebody else.
    pub(super) fn lose(self) -> GivenUp {
        GivenUp { why: Why::Lost }
    }
}

impl Closing {
    /// Until when the lanes may take.
    pub(super) fn until(&self) -> Instant {
        self.until
    }

    /// All lanes have sealed; `news` says whether positions have moved, `last` that nothing may stay in it, since partitions
    /// go to somebody else.
    pub(super) fn sealed(self, lanes: &[Sealed], news: bool, last: bool, now: Instant) -> Next {
        let any = lanes.iter().any(|lane| lane.any);
        let whole = lanes.iter().all(|lane| lane.whole);
        match (any, whole, news) {
            // The broker knows nothing of a transaction without messages, so its time has not begun.
            (false, _, false) => Next::GoOn(Open::begin(now, self.open.timeout)),
            (_, true, _) => Next::Commit(Committing { open: self.open }),
            (_, false, _) if now < self.until && !last => Next::GoOn(self.open),
            (_, false, _) => {
                let waited = now.saturating_duration_since(self.open.since);
                Next::GiveUp(GivenUp {
                    why: Why::Torn { waited },
                })
            }
        }
    }

    /// A lane has not sealed in time.
    pub(super) fn late(self, now: Instant) -> GivenUp {
        let waited = now.saturating_duration_since(self.open.since);
        GivenUp {
            why: Why::Late { waited },
        }
    }

    /// A record has halted the pipeline before all lanes had sealed.
    pub(super) fn halted(self) -> GivenUp {
        GivenUp { why: Why::Halted }
    }
}

impl Committing {
    /// Until when the brokers may take: they abort it by themselves then.
    pub(super) fn until(&self) -> Instant {
        self.open.since + self.open.timeout
    }

    /// The brokers have committed it, and another has begun.
    pub(super) fn committed(self, now: Instant) -> Open {
        Open::begin(now, self.open.timeout)
    }

    pub(super) fn refused(self, error: TransactionError) -> GivenUp {
        GivenUp::refused(error)
    }
}

impl GivenUp {
    /// Whether the brokers are to be told. If not, they abort it by themselves when its time is over, or have done so.
    pub(super) fn can_be_aborted(&self) -> bool {
        !matches!(
            self.why,
            Why::Refused(TransactionError::Fenced(_) | TransactionError::Over(_))
        )
    }

    /// Whether a record is the reason, which is told instead.
    pub(super) fn is_halt(&self) -> bool {
        matches!(self.why, Why::Halted)
    }

    /// A step was refused that no lane has a part in.
    pub(super) fn refused(error: TransactionError) -> Self {
        GivenUp {
            why: Why::Refused(error),
        }
    }

    /// A lane does not come back from a stage.
    pub(super) fn stuck(waited: Duration) -> Self {
        GivenUp {
            why: Why::Late { waited },
        }
    }

    /// How it goes on. `revoking` says that partitions go to somebody else, `remembers` that stages have states, which have
    /// seen records that nobody has finished now.
    pub(super) fn after(self, revoking: bool, remembers: bool) -> After {
        match &self.why {
            _ if remembers => After::End(self.into_error()),
            Why::Refused(TransactionError::Abort(why)) => After::Anew(why.clone()),
            Why::Lost => After::Anew("its partitions went to another member".to_owned()),
            // Without a revoke, the same records would be late again.
            Why::Late { .. } if revoking => {
                After::Anew("work was under way for longer than `drain_timeout`".to_owned())
            }
            Why::Torn { .. } if revoking => {
                After::Anew("operators held records of which it had outputs already".to_owned())
            }
            _ => After::End(self.into_error()),
        }
    }

    pub(super) fn into_error(self) -> Error {
        const READ_AGAIN: &str =
            "Nothing of it is visible, and its records are read again at the next start";
        let time = |waited: Duration| {
            humantime::format_duration(Duration::from_millis(waited.as_millis() as u64))
        };
        match self.why {
            Why::Late { waited } => Error::new(
                ErrorKind::Unfinished,
                format!(
                    "the transaction was aborted: stages still worked on its records {} after it began, and it must be \
                     committed before the broker aborts it. {READ_AGAIN}. Make the stages faster or give them a timeout, \
                     or raise `transaction.timeout.ms` (and `drain_timeout`, for rebalances)",
                    time(waited)
                ),
            ),
            Why::Torn { waited } => Error::new(
                ErrorKind::Unfinished,
                format!(
                    "the transaction was aborted: for {} an operator has held back records of which other outputs are in \
                     it already, so that a commit would have repeated those. {READ_AGAIN}",
                    time(waited)
                ),
            ),
            Why::Lost => Error::new(
                ErrorKind::Commit,
                format!(
                    "the transaction was aborted: its partitions went to another member of the group before it was \
                     committed, and the states of this pipeline have seen records that the other one reads again. \
                     {READ_AGAIN}"
                ),
            ),
            Why::Halted => Error::new(
                ErrorKind::Unfinished,
                format!("the transaction was aborted. {READ_AGAIN}"),
            ),
            Why::Refused(TransactionError::Abort(why) | TransactionError::Undelivered(why)) => {
                Error::new(
                    ErrorKind::Commit,
                    format!("the transaction was aborted: {why}. {READ_AGAIN}"),
                )
            }
            Why::Refused(TransactionError::Fenced(why)) => Error::new(
                ErrorKind::Fenced,
                format!(
                    "another process has taken the place of this one: {why}. What this one had not committed is not \
                     visible, and the other one does it. If two are meant to run at once, give each a \
                     `group.instance.id` and `transactional.id` of its own"
                ),
            ),
            Why::Refused(TransactionError::Over(why)) => Error::new(
                ErrorKind::Commit,
                format!(
                    "the transaction cannot be brought to its end: {why}. The next start reads on from the last one that \
                     was committed"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const WHOLE: Sealed = Sealed {
        any: true,
        whole: true,
    };
    const TORN: Sealed = Sealed {
        any: true,
        whole: false,
    };
    const NOTHING: Sealed = Sealed {
        any: false,
        whole: true,
    };

    fn closing(start: Instant) -> Closing {
        Open::begin(start, 10 * SECOND).close(start + SECOND, 60 * SECOND)
    }

    #[test]
    fn a_seal_has_the_transactions_own_time_or_less() {
        let start = Instant::now();
        assert_eq!(closing(start).until(), start + 8 * SECOND);
        let hurried = Open::begin(start, 10 * SECOND).close(start + SECOND, 2 * SECOND);
        assert_eq!(hurried.until(), start + 3 * SECOND);
    }

    #[test]
    fn what_all_lanes_have_whole_is_committed_and_the_next_one_has_its_time() {
        let start = Instant::now();
        let Next::Commit(committing) = closing(start).sealed(&[WHOLE, NOTHING], true, false, start)
        else {
            panic!("both are whole");
        };
        assert_eq!(committing.until(), start + 10 * SECOND);
        let next = committing.committed(start + 5 * SECOND);
        assert_eq!(next.close(start, 60 * SECOND).until(), start + 13 * SECOND);
    }

    #[test]
    fn positions_alone_are_committed_and_nothing_at_all_costs_nothing() {
        let start = Instant::now();
        let moved = closing(start).sealed(&[NOTHING], true, false, start);
        assert!(matches!(moved, Next::Commit(_)));
        let Next::GoOn(open) = closing(start).sealed(&[NOTHING], false, false, start + 7 * SECOND)
        else {
            panic!("there is nothing to commit");
        };
        // Its time has not begun.
        assert_eq!(open.close(start, 60 * SECOND).until(), start + 15 * SECOND);
    }

    #[test]
    fn one_torn_lane_keeps_it_open_but_not_for_ever() {
        let start = Instant::now();
        let Next::GoOn(open) = closing(start).sealed(&[WHOLE, TORN], true, false, start + SECOND)
        else {
            panic!("it may be whole later");
        };
        // Its partitions go to somebody else: then it is not kept open at all.
        let last = closing(start).sealed(&[TORN], true, true, start + SECOND);
        let Next::GiveUp(given_up) = last else {
            panic!("the next transaction would have outputs that are not its own");
        };
        assert!(matches!(given_up.after(true, false), After::Anew(_)));
        let closing = open.close(start + 9 * SECOND, 60 * SECOND);
        let Next::GiveUp(given_up) = closing.sealed(&[TORN], true, false, start + 9 * SECOND)
        else {
            panic!("the broker would abort it");
        };
        assert!(matches!(given_up.after(false, false), After::End(_)));
    }

    #[test]
    fn a_process_that_remembers_nothing_goes_on_from_the_last_commit() {
        let start = Instant::now();
        let refused = || GivenUp::refused(TransactionError::Abort("IllegalGeneration".to_owned()));
        let lost = || Open::begin(start, SECOND).lose();
        let late = || closing(start).late(start);
        let anew = |after: After| matches!(after, After::Anew(_));
        for revoking in [true, false] {
            assert!(anew(refused().after(revoking, false)));
            assert!(anew(lost().after(revoking, false)));
            assert_eq!(anew(late().after(revoking, false)), revoking);
            // An accumulator would count the records a second time.
            for given_up in [refused(), lost(), late()] {
                assert!(given_up.can_be_aborted());
                assert!(!anew(given_up.after(revoking, true)));
            }
        }
    }

    #[test]
    fn a_message_that_is_not_delivered_would_not_be_the_next_time_either() {
        let error = TransactionError::Undelivered("too large".to_owned());
        let After::End(error) = GivenUp::refused(error).after(true, false) else {
            panic!("it would come again and again");
        };
        assert!(error.to_string().contains("too large"), "{error}");
    }

    #[test]
    fn who_is_fenced_ends_and_leaves_the_transaction_to_the_other() {
        let given_up = GivenUp::refused(TransactionError::Fenced("epoch 3".to_owned()));
        assert!(!given_up.can_be_aborted());
        let After::End(error) = given_up.after(true, false) else {
            panic!("it never tries again");
        };
        assert_eq!(error.kind(), &ErrorKind::Fenced);
        let over = GivenUp::refused(TransactionError::Over("unknown".to_owned()));
        assert!(!over.can_be_aborted());
        assert!(matches!(over.after(true, false), After::End(_)));
    }

    #[test]
    fn a_halt_aborts_and_is_told_by_its_record() {
        let given_up = closing(Instant::now()).halted();
        assert!(given_up.is_halt() && given_up.can_be_aborted());
        assert!(matches!(given_up.after(true, false), After::End(_)));
    }
}
