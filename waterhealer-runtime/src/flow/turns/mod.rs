//! Whose turn it is at a stage whose calls wait for one another, or are made again: one call at a time for each partition
//! or key, and further attempts after a while. A stage that asks for neither has a plain `Gate`, or none.
//!
//! A value that waits for its turn, or for its next attempt, holds back what comes after it in its own domain and nothing
//! else: the intake stays open, and what waits is bounded by what may be in flight of each partition.

mod attempts;
mod fair;
mod records;
mod search;
#[cfg(test)]
mod tests;

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::BuildHasher;

use backon::ExponentialBackoff;

use self::fair::Fair;
use super::lane::Lane;
use crate::carrier::Again;
use crate::clock::Moment;
use crate::graph::{OrderBy, Retry, Spec};
use crate::guard::guard;
use crate::ledger::{SlotId, Ticket};
use crate::operator::Waiting;

/// A value's way through a stage, from its first call to the end of its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pass(u64);

impl Pass {
    /// Of a call that is answered at once, before anything else can happen: nothing is noted of it unless it fails.
    const AT_ONCE: Pass = Pass(0);
}

/// The calls of one stage, and the values that wait for theirs.
pub struct Turns<V> {
    node: usize,
    /// Calls that may be under way; `None` where each is answered at once.
    places: Option<usize>,
    inside: usize,
    order: OrderBy,
    retry: Option<Retry>,
    /// Values that may wait for a place without holding the intake, where there is no order.
    room: usize,
    /// How many of those wait.
    counted: usize,
    passes: u64,
    visits: HashMap<Pass, Visit<V>>,
    /// The domains that are taken, each by one visit, and the visits behind it.
    domains: HashMap<u64, VecDeque<Pass>>,
    ready: Fair,
    /// The visits between two attempts.
    resting: BTreeMap<(Moment, Pass), SlotId>,
    hasher: RandomState,
    /// The end has come: nothing is tried again.
    closed: bool,
}

struct Visit<V> {
    place: Place,
    /// The value and its ticket while it waits for a call.
    held: Option<(V, Ticket)>,
    /// What the next attempt is made with, while a call is under way.
    spare: Option<V>,
    attempts: usize,
    delays: Option<ExponentialBackoff>,
    /// Another one has its domain.
    behind: bool,
    /// It waits for its first place, and is counted.
    counted: bool,
}

/// What a value must not be worked on beside, its partition, and the name of its ticket.
#[derive(Debug, Clone, Copy)]
struct Place {
    domain: u64,
    slot: SlotId,
    serial: (u32, u64),
}

impl<V> Turns<V> {
    /// The turns of the node with this number.
    pub fn new(spec: &Spec, node: usize) -> Self {
        let found = spec.nodes.get(node);
        let handling = found.map(|node| node.handling);
        Turns {
            node,
            places: found
                .filter(|node| node.asynchronous || node.handling.blocking)
                .map(|node| node.places()),
            inside: 0,
            order: handling.map_or(OrderBy::None, |handling| handling.order_by),
            retry: handling.and_then(|handling| handling.retry),
            room: 0,
            counted: 0,
            passes: 0,
            visits: HashMap::new(),
            domains: HashMap::new(),
            ready: Fair::default(),
            resting: BTreeMap::new(),
            hasher: RandomState::new(),
            closed: false,
        }
    }

    /// As [`new`](Turns::new), for calls beside those of the node itself: one at a time.
    pub(super) fn one_by_one(spec: &Spec, node: usize) -> Self {
        Turns {
            places: Some(1),
            order: OrderBy::None,
            ..Turns::new(spec, node)
        }
    }

    /// Whether a call is under way, or waits to be made again.
    pub(super) fn are_taken(&self) -> bool {
        !self.visits.is_empty()
    }

    /// How values wait for a place, where there is no order: so many without holding the intake.
    #[must_use]
    pub fn waiting(self, waiting: Waiting) -> Self {
        let room = match waiting {
            Waiting::Hold { room } => room,
            // Refused: what takes turns drops nothing.
            Waiting::Latest => 0,
        };
        Turns { room, ..self }
    }

    /// Lets a value enter if it is its turn, or keeps it until then.
    #[inline]
    pub fn admit<C>(
        &mut self,
        lane: &mut Lane<C>,
        value: V,
        ticket: Ticket,
    ) -> Option<(V, Ticket, Pass)> {
        if self.places.is_none() && self.visits.is_empty() {
            return Some((value, ticket, Pass::AT_ONCE));
        }
        self.line_up(lane, value, ticket)
    }

    fn line_up<C>(
        &mut self,
        lane: &mut Lane<C>,
        value: V,
        ticket: Ticket,
    ) -> Option<(V, Ticket, Pass)> {
        let place = self.place(lane, &ticket);
        let slot = place.slot;
        let taken = self.order != OrderBy::None && self.domains.contains_key(&place.domain);
        let Some(places) = self.places else {
            if !taken {
                return Some((value, ticket, Pass::AT_ONCE));
            }
            self.enter(place, Some((value, ticket)));
            lane.lined_up += 1;
            return None;
        };
        if !taken && self.inside < places && self.ready.is_empty() {
            self.inside += 1;
            let pass = self.enter(place, None);
            return Some((value, ticket, pass));
        }
        let pass = self.enter(place, Some((value, ticket)));
        lane.lined_up += 1;
        if !taken {
            self.ready.push(slot, pass);
        }
        if self.order == OrderBy::None {
            self.counted += 1;
            if self.counted > self.room {
                lane.hold_intake();
            }
            if let Some(visit) = self.visits.get_mut(&pass) {
                visit.counted = true;
            }
        }
        None
    }

    /// Notes a visit: it takes its domain, or stands behind those that have it. With no value, its first call begins.
    fn enter(&mut self, place: Place, held: Option<(V, Ticket)>) -> Pass {
        self.passes += 1;
        let pass = Pass(self.passes);
        let mut behind = false;
        if self.order != OrderBy::None {
            match self.domains.get_mut(&place.domain) {
                Some(others) => {
                    others.push_back(pass);
                    behind = true;
                }
                None => drop(self.domains.insert(place.domain, VecDeque::new())),
            }
        }
        let visit = Visit {
            place,
            attempts: usize::from(held.is_none()),
            held,
            spare: None,
            delays: None,
            behind,
            counted: false,
        };
        self.visits.insert(pass, visit);
        pass
    }

    /// What a value must not be worked on beside, and its partition. Of several records the first one counts. Two domains
    /// that happen to have one number only wait for one another.
    fn place<C>(&self, lane: &Lane<C>, ticket: &Ticket) -> Place {
        let serial = ticket.serial();
        let ticket = lane.ledger.lead(ticket).unwrap_or(ticket);
        let slot = ticket.slot();
        let key = ticket.meta().and_then(|meta| meta.key.as_deref());
        let domain = match (self.order, key) {
            (OrderBy::None, _) => 0,
            (OrderBy::Key, Some(key)) => self.hasher.hash_one(key),
            (OrderBy::Partition | OrderBy::Key, _) => self.hasher.hash_one((slot, ticket.epoch())),
        };
        Place {
            domain,
            slot,
            serial,
        }
    }

    /// Notes what a call that begins would be made again with; `None` when the clone panicked, which has then failed the
    /// record.
    pub fn keep<C>(
        &mut self,
        lane: &mut Lane<C>,
        pass: Pass,
        value: &V,
        ticket: Ticket,
    ) -> Option<Ticket>
    where
        V: Again,
    {
        let (spare, ticket) = self.spare(lane, pass, value, ticket)?;
        if let Some(visit) = self.visits.get_mut(&pass) {
            visit.spare = spare;
        }
        Some(ticket)
    }

    /// As [`keep`](Turns::keep), for a call that is answered at once: what it would be made again with is given back, if
    /// there is another attempt.
    #[inline]
    pub fn spare<C>(
        &mut self,
        lane: &mut Lane<C>,
        pass: Pass,
        value: &V,
        ticket: Ticket,
    ) -> Option<(Option<V>, Ticket)>
    where
        V: Again,
    {
        if !self.has_more(pass) {
            return Some((None, ticket));
        }
        match guard(|| value.clone()) {
            Ok(spare) => Some((Some(spare), ticket)),
            Err(failure) => {
                self.leave(pass);
                lane.failed(self.node, ticket, failure);
                None
            }
        }
    }

    /// The next value whose turn it is, its place taken; none any more once the pipeline halts.
    pub fn next<C>(&mut self, lane: &mut Lane<C>) -> Option<(V, Ticket, Pass)> {
        if self.visits.is_empty() {
            return None;
        }
        self.wake(lane);
        while self.places.is_none_or(|places| self.inside < places) && !lane.is_halted() {
            let pass = self.ready.pop()?;
            let Some(visit) = self.visits.get_mut(&pass) else {
                continue;
            };
            let Some((value, ticket)) = visit.held.take() else {
                continue;
            };
            lane.lined_up = lane.lined_up.saturating_sub(1);
            visit.attempts += 1;
            if std::mem::take(&mut visit.counted) {
                self.count_off(lane);
            }
            if !lane.is_live(&ticket) {
                // Its partition was revoked while it waited: somebody else reads it again.
                self.end(pass);
                lane.at_desk(self.node, |desk| desk.let_go(value, ticket));
                continue;
            }
            self.inside += 1;
            return Some((value, ticket, pass));
        }
        None
    }

    /// Lets those whose time has come wait for a place, and asks to be asked again for the others.
    fn wake<C>(&mut self, lane: &mut Lane<C>) {
        let now = lane.clock.lately();
        while let Some(first) = self.resting.first_entry() {
            let (moment, pass) = *first.key();
            if moment > now {
                return lane.effects.wake_at(moment);
            }
            self.ready.push(first.remove(), pass);
        }
    }

    fn count_off<C>(&mut self, lane: &mut Lane<C>) {
        if self.counted > self.room {
            lane.release_intake();
        }
        self.counted -= 1;
    }

    /// Ends a visit whose call has ended. What was kept for another attempt is given back, to be dropped where a panic of
    /// its `Drop` is caught.
    #[inline]
    fn leave(&mut self, pass: Pass) -> Option<V> {
        if pass == Pass::AT_ONCE {
            return None;
        }
        self.inside = self.inside.saturating_sub(1);
        self.end(pass).and_then(|visit| visit.spare)
    }

    /// Forgets a visit. If it has its domain, the first one behind it has its turn; one that is forgotten behind another
    /// is passed over then.
    fn end(&mut self, pass: Pass) -> Option<Visit<V>> {
        let visit = self.visits.remove(&pass)?;
        if !visit.behind && self.order != OrderBy::None {
            self.pass_on(visit.place.domain);
        }
        Some(visit)
    }

    fn pass_on(&mut self, domain: u64) {
        while let Some(next) = self.domains.get_mut(&domain).and_then(VecDeque::pop_front) {
            if let Some(visit) = self.visits.get_mut(&next) {
                visit.behind = false;
                return self.ready.push(visit.place.slot, next);
            }
        }
        self.domains.remove(&domain);
    }

    /// Lets go, unfinished, of values that wait and whose partition is given up.
    pub fn forget<C>(&mut self, lane: &mut Lane<C>) {
        let held = self.visits.iter().filter_map(|(pass, visit)| {
            let (_, ticket) = visit.held.as_ref()?;
            Some((*pass, ticket))
        });
        let gone = held.filter(|(_, ticket)| !lane.ledger.keeps(ticket));
        let gone = gone.map(|(pass, _)| pass).collect();
        self.let_go(lane, gone);
    }

    /// Lets go, unfinished, of all that waits: the end has come.
    pub fn abandon<C>(&mut self, lane: &mut Lane<C>) {
        self.closed = true;
        let held = self.visits.iter().filter(|(_, visit)| visit.held.is_some());
        let held: Vec<Pass> = held.map(|(pass, _)| *pass).collect();
        self.let_go(lane, held);
        self.ready.clear();
    }

    fn let_go<C>(&mut self, lane: &mut Lane<C>, passes: Vec<Pass>) {
        if passes.is_empty() {
            return;
        }
        for pass in passes {
            let Some(visit) = self.end(pass) else {
                continue;
            };
            if visit.counted {
                self.count_off(lane);
            }
            if let Some((value, ticket)) = visit.held {
                lane.lined_up = lane.lined_up.saturating_sub(1);
                lane.at_desk(self.node, |desk| desk.let_go(value, ticket));
            }
        }
        let visits = &self.visits;
        self.resting
            .retain(|(_, pass), _| visits.contains_key(pass));
    }
}
