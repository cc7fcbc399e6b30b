//! Records at a source whose calls are made again. The client lends a record for one call; it is kept only where it has to
//! wait: for its next attempt, or behind another one of its partition that does.

use std::sync::Arc;

use super::super::keep;
use super::super::lane::Lane;
use super::{Pass, Turns};
use crate::error::Failure;
use crate::graph::OrderBy;
use crate::ledger::Ticket;
use crate::types::{Meta, Record};

impl Turns<Arc<Meta>> {
    /// Lets a record enter if it is its turn, or keeps it until then.
    #[inline]
    pub fn admit_record<C>(
        &mut self,
        lane: &mut Lane<C>,
        record: &Record<'_>,
        ticket: Ticket,
    ) -> Option<(Ticket, Pass)> {
        if self.visits.is_empty() {
            return Some((ticket, Pass::AT_ONCE));
        }
        self.line_up_record(lane, record, ticket)
    }

    fn line_up_record<C>(
        &mut self,
        lane: &mut Lane<C>,
        record: &Record<'_>,
        ticket: Ticket,
    ) -> Option<(Ticket, Pass)> {
        let place = self.place(lane, &ticket);
        if self.order == OrderBy::None || !self.domains.contains_key(&place.domain) {
            return Some((ticket, Pass::AT_ONCE));
        }
        let kept = keep::whole(record, lane.keeps, ticket.meta());
        self.enter(place, Some((kept, ticket)));
        lane.lined_up += 1;
        None
    }

    /// As [`hear`](Turns::hear), for a record: `kept` is what it was lent from, if it has waited before.
    #[inline]
    pub fn hear_record<C, R>(
        &mut self,
        lane: &mut Lane<C>,
        pass: Pass,
        record: &Record<'_>,
        kept: Option<&Arc<Meta>>,
        outcome: Result<R, Failure>,
        ticket: Ticket,
    ) -> Option<(Result<R, Failure>, Ticket)> {
        let may_pass = outcome.as_ref().is_err_and(Failure::is_retryable);
        let spare = (may_pass && self.has_more(pass)).then(|| match kept {
            Some(kept) => Arc::clone(kept),
            None => keep::whole(record, lane.keeps, ticket.meta()),
        });
        self.hear(lane, pass, spare, outcome, ticket)
    }
}
