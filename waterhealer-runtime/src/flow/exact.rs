//! Exactly once, Kafka to Kafka: outputs and offsets in one transaction. The consumer thread has the lanes seal, commits what
//! they have staged with their positions, begins the next transaction and lets them go on. What may follow what is in
//! `transaction`; the lane's side is `seal`.

use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::control::Control;
use super::lanes::Lanes;
use super::mailbox::{Notice, Sealed, Sealing};
use super::transaction::{After, GivenUp, Next, Open};
use crate::broker::{Commit, Membership, Producer, TransactionError};
use crate::error::Error;
use crate::sync::mpsc::sync_channel;
use crate::sync::{Mutex, MutexGuard};

/// Between two looks at whether the pipeline halts, while lanes seal.
const LOOK: Duration = Duration::from_millis(10);

/// How long the brokers may take to abort a transaction. If they do not answer, they do it when its time is over.
const ABORT: Duration = Duration::from_secs(5);

/// How long a lane may take to stop between two records once everything was given up.
const STAND: Duration = Duration::from_secs(5);

/// The transactions of one process.
pub(crate) struct Exact<C> {
    producer: Arc<Producer>,
    lanes: Lanes<C>,
    control: Arc<Control>,
    /// Stages have states that an abort does not undo.
    remembers: bool,
    timeout: Duration,
    /// None while a step is under way, and after the last one.
    open: Mutex<Option<Open>>,
}

impl<C> Exact<C> {
    /// Begins the first transaction of a producer that is prepared for them.
    ///
    /// # Errors
    /// When the producer refuses.
    pub(crate) fn begin(
        producer: Arc<Producer>,
        lanes: Lanes<C>,
        control: Arc<Control>,
        remembers: bool,
        timeout: Duration,
    ) -> Result<Self, TransactionError> {
        producer.begin()?;
        Ok(Exact {
            producer,
            lanes,
            control,
            remembers,
            timeout,
            open: Mutex::new(Some(Open::begin(Instant::now(), timeout))),
        })
    }

    /// Brings the transaction to its end, if anything in it can be committed, and begins the next; with `whole`, nothing may
    /// stay in it. The lanes are sealed then, until they [`go_on`](Exact::go_on).
    ///
    /// # Errors
    /// When it must be given up. The lanes stay sealed, too.
    pub(super) fn turn(
        &self,
        member: impl FnOnce() -> Option<Membership>,
        commits: impl FnOnce() -> Vec<Commit>,
        patience: Duration,
        whole: bool,
    ) -> Result<Turned, GivenUp> {
        let Some(open) = self.lock().take() else {
            return Ok(Turned::Not);
        };
        let closing = open.close(Instant::now(), patience);
        let sealed = match self.seal(closing.until()) {
            Ok(sealed) => sealed,
            Err(Unsealed::Halted) => return Err(closing.halted()),
            Err(Unsealed::Late) => return Err(closing.late(Instant::now())),
            Err(Unsealed::Trouble(error)) => return Err(GivenUp::refused(error)),
        };
        let commits = commits();
        match closing.sealed(&sealed, !commits.is_empty(), whole, Instant::now()) {
            Next::GoOn(open) => {
                *self.lock() = Some(open);
                Ok(Turned::Not)
            }
            Next::GiveUp(given_up) => Err(given_up),
            Next::Commit(committing) => {
                let outcome = match member() {
                    Some(member) => self.producer.commit(&member, &commits, committing.until()),
                    None => Err(TransactionError::Abort(
                        "this process is no member of its group any more".to_owned(),
                    )),
                };
                match outcome.and_then(|()| self.producer.begin()) {
                    Ok(()) => {
                        *self.lock() = Some(committing.committed(Instant::now()));
                        Ok(Turned::Committed(commits))
                    }
                    Err(error) => Err(committing.refused(error)),
                }
            }
        }
    }

    /// Lets the lanes go on after a turn. What they must not take any more has been forgotten before: what they make from now
    /// on is in a transaction that knows nothing of it.
    pub(super) fn go_on(&self, turned: &Turned) {
        self.lanes.tell(|| match turned {
            Turned::Committed(_) => Notice::Seal(Sealing::Anew),
            Turned::Not => Notice::Seal(Sealing::GoOn),
        });
    }

    /// What each lane has staged, once all have sealed.
    fn seal(&self, until: Instant) -> Result<Vec<Sealed>, Unsealed> {
        let (tell, lanes) = sync_channel(self.lanes.len());
        self.lanes
            .tell(|| Notice::Seal(Sealing::Close(tell.clone())));
        let mut sealed = Vec::with_capacity(self.lanes.len());
        while sealed.len() < self.lanes.len() {
            match lanes.recv_timeout(LOOK) {
                Ok(lane) => sealed.push(lane),
                Err(_) if self.control.is_halted() => return Err(Unsealed::Halted),
                // Then nothing more is taken from the lanes, so that they cannot seal.
                Err(_) if let Some(error) = self.producer.trouble() => {
                    return Err(Unsealed::Trouble(error));
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() < until => {}
                Err(_) => return Err(Unsealed::Late),
            }
        }
        Ok(sealed)
    }

    /// The partitions went to somebody else before the transaction was committed.
    pub(super) fn lose(&self) -> Option<GivenUp> {
        self.lock().take().map(Open::lose)
    }

    /// What becomes of the process; if it ends, the transaction is aborted.
    pub(super) fn after(&self, given_up: GivenUp, revoking: bool) -> After {
        let can_be_aborted = given_up.can_be_aborted();
        let after = given_up.after(revoking, self.remembers);
        if matches!(after, After::End(_)) && can_be_aborted {
            self.abort();
        }
        after
    }

    /// Has the lanes stop between two records, and aborts the transaction; the lanes have been told what is forgotten. In this
    /// order: what a lane still makes of forgotten records it drops, but only once it knows.
    ///
    /// # Errors
    /// Why the process ends.
    pub(super) fn stand(&self) -> Result<(), Error> {
        let (tell, stands) = sync_channel(self.lanes.len());
        self.lanes
            .tell(|| Notice::Seal(Sealing::Stand(tell.clone())));
        for _ in 0..self.lanes.len() {
            if stands.recv_timeout(STAND).is_err() {
                self.abort();
                return Err(GivenUp::stuck(STAND).into_error());
            }
        }
        let aborted = self.producer.abort(Instant::now() + ABORT);
        aborted.map_err(|error| GivenUp::refused(error).into_error())
    }

    /// Begins another transaction after one that was aborted.
    ///
    /// # Errors
    /// Why the process ends.
    pub(super) fn anew(&self) -> Result<(), Error> {
        let begun = self.producer.begin();
        begun.map_err(|error| GivenUp::refused(error).into_error())?;
        *self.lock() = Some(Open::begin(Instant::now(), self.timeout));
        self.lanes.tell(|| Notice::Seal(Sealing::Anew));
        Ok(())
    }

    /// Aborts what is still open: at the end of the process.
    pub(super) fn end(&self) {
        if self.lock().take().is_some() {
            self.abort();
        }
    }

    pub(super) fn abort(&self) {
        if let Err(error) = self.producer.abort(Instant::now() + ABORT) {
            tracing::warn!(%error, "the transaction was not aborted; the broker does it when its time is over");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has become of a transaction at its turn.
#[derive(Debug)]
pub(super) enum Turned {
    /// It is committed with these positions, and the next one has begun.
    Committed(Vec<Commit>),
    /// It goes on.
    Not,
}

impl Turned {
    pub(super) fn committed(&self) -> &[Commit] {
        match self {
            Turned::Committed(commits) => commits,
            Turned::Not => &[],
        }
    }
}

/// Why a lane has not sealed.
enum Unsealed {
    Halted,
    Late,
    Trouble(TransactionError),
}
