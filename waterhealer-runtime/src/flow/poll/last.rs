//! The consumer thread's last steps, in their order: drain, commit, leave. What the end is called is `ending`'s.

use std::time::{Duration, Instant};

use super::super::control::Phase;
use super::super::ending::{Ending, conclude, unfinished};
use super::super::mailbox::Notice;
use super::{AGAIN, Poller};
use crate::error::{Error, ErrorKind};

/// How long it waits for the group's events at the end, between two looks at what the end waits for.
const ENDING: Duration = Duration::from_millis(1);

/// How long the last commit may take, and the farewell to the group if a stage still holds records.
const FAREWELL: Duration = Duration::from_secs(10);

/// As long, once draining has used up its time: a supervisor that kills after half a minute shall not have to.
const LATE: Duration = Duration::from_secs(2);

impl<C: Send + 'static> Poller<C> {
    pub(super) fn end(mut self, ending: Ending) -> Result<(), Error> {
        self.control.set_phase(Phase::Draining);
        let (drained, committed) = match self.desk.is_exact() {
            true => (self.end_transactions(&ending), Ok(())),
            false => {
                let drained = self.drain();
                self.desk.end();
                let at_most = farewell(&drained);
                (drained, self.commit_the_rest(at_most))
            }
        };
        self.consumer.close(farewell(&drained));
        conclude(ending, committed.and(drained), &self.control, true)
    }

    /// What is under way goes into a last transaction, and what operators give at the end into one of its own: they may
    /// keep a record back of which they give something, and then that is read again. None, if the pipeline has failed.
    fn end_transactions(&mut self, ending: &Ending) -> Result<(), Error> {
        let mut ended = Ok(());
        if matches!(ending, Ending::Orderly) && !self.control.is_halted() {
            self.lanes.tell(|| Notice::Pause(true));
            self.desk.turn(&self.consumer, self.grace);
            if !self.desk.has_failed() && !self.control.is_halted() {
                ended = self.drain();
                self.desk.turn(&self.consumer, self.grace);
            }
        }
        self.desk.end_transaction();
        self.desk.end();
        ended.and(self.desk.take_fault().map_or(Ok(()), Err))
    }

    fn drain(&mut self) -> Result<(), Error> {
        let mut quiet = self.lanes.drain();
        let until = Instant::now() + self.grace;
        while Instant::now() < until {
            self.control.tick();
            // The group's events are served meanwhile: a rebalance does not wait for our end.
            self.serve(ENDING);
            if quiet.is_there() {
                return Ok(());
            }
        }
        Err(unfinished(self.grace))
    }

    fn commit_the_rest(&mut self, at_most: Duration) -> Result<(), Error> {
        let until = Instant::now() + at_most;
        let mut again = Instant::now();
        loop {
            if !self.desk.awaits_commit() && Instant::now() >= again {
                again = Instant::now() + AGAIN;
                if let Some(fault) = self.desk.take_fault() {
                    return Err(fault);
                }
                self.consumer.look_past(&self.desk.held());
                let commits = self.desk.commits();
                if commits.is_empty() {
                    return Ok(());
                }
                self.desk.commit_sent(self.consumer.commit(&commits));
            }
            if Instant::now() > until {
                return Err(Error::new(
                    ErrorKind::Commit,
                    "the last commit was not answered: the records since the one before are read again at the next start",
                ));
            }
            self.serve(ENDING);
        }
    }
}

fn farewell(drained: &Result<(), Error>) -> Duration {
    match drained {
        Ok(()) => FAREWELL,
        Err(_) => LATE,
    }
}
