//! `unique(history = n, key = …)`: a value whose key was seen before ends here; others go on. With `history`, before means
//! among the last `n` keys; a key that is seen again is the last of them again.
//!
//! A record that ends here is finished. Held: no value, only keys: `history` of them, or without it every key ever seen.
//! Nothing happens at the end. If `key` panics, or comparing or hashing what it gives, the record fails.
//!
//! On revoke the keys that were first seen in records of the partition are forgotten. Such a record may be unfinished, and
//! if the partition comes back, it is read again; remembered, it would end here as a copy of itself and be committed without
//! having been done. For the same reason a record is not remembered that was still under way when its partition was given
//! up. What ended here as a copy in favour of such a record stays finished: the record's next owner reads and does it.
//!
//! So values may go on twice: after a restart, which forgets every key; after a revoke, also those whose first record was
//! finished; and copies that come to different members of the group, which share nothing. And two cases remain in which
//! copies end here and the first is not done: it was skipped by a policy after a failure, or it was sent in by hand and the
//! process ended before it was finished, which its sender is told.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::{Desk, Held, Input, Operator, Ready};
use crate::guard::guard;
use crate::ledger::{Origin, Ticket};

/// What values are told apart by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key of `unique`: a key is `Eq`, `Hash`, `Clone` and `Send`",
    label = "values are told apart by this",
    note = "derive these for it, or give a key that has them: `unique(key = |value| value.id)` [WH0109]"
)]
pub trait Key: Eq + Hash + Clone + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<K: Eq + Hash + Clone + Send + 'static> Key for K {}

/// Lets the first value of each key through.
pub struct Unique<T> {
    seen: Box<dyn Seen<T> + Send>,
}

impl<T> Unique<T> {
    /// Values are their own keys.
    pub fn of_itself(history: Option<usize>) -> Self
    where
        T: Key,
    {
        Unique::new(history, T::clone)
    }

    /// Remembers the last `history` keys, or all.
    pub fn new<K: Key>(history: Option<usize>, key: impl Fn(&T) -> K + Send + 'static) -> Self {
        Unique {
            seen: Box::new(Keys {
                key,
                history: history.map(|history| history.max(1)),
                known: HashMap::new(),
                order: BTreeMap::new(),
                uses: 0,
            }),
        }
    }
}

impl<T> Operator for Unique<T> {
    type Out = T;

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.seen.forget(&|origin| desk.retains(origin));
    }

    fn abandon(&mut self, _desk: &mut Desk<'_>) {}

    fn held(&self) -> Held {
        Held::default()
    }

    fn tickets(&self, _see: &mut dyn FnMut(&Ticket)) {}
}

impl<T> Input<0> for Unique<T> {
    type Value = T;

    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<T> {
        let origin = desk.origin(&ticket);
        match guard(|| self.seen.is_new(&value, origin)) {
            Ok(true) => return Some((value, ticket)),
            Ok(false) => desk.discard(value, ticket),
            Err(failure) => desk.refuse(value, ticket, failure),
        }
        None
    }
}

/// What was seen, whatever type the keys have.
trait Seen<T> {
    /// Whether the value's key is new; from then on it is not, unless there is no origin to remember it by.
    fn is_new(&mut self, value: &T, origin: Option<Origin>) -> bool;
    /// Forgets keys by their origin.
    fn forget(&mut self, retains: &dyn Fn(&Origin) -> bool);
}

struct Keys<K, F> {
    key: F,
    history: Option<usize>,
    known: HashMap<K, Known>,
    /// With a history: the keys by when they were last seen.
    order: BTreeMap<u64, K>,
    uses: u64,
}

struct Known {
    last_seen: u64,
    /// Where it was first seen.
    origin: Origin,
}

impl<T, K: Eq + Hash + Clone, F: Fn(&T) -> K> Seen<T> for Keys<K, F> {
    fn is_new(&mut self, value: &T, origin: Option<Origin>) -> bool {
        let key = (self.key)(value);
        self.uses += 1;
        if let Some(known) = self.known.get_mut(&key) {
            if let Some(key) = self.order.remove(&known.last_seen) {
                known.last_seen = self.uses;
                self.order.insert(self.uses, key);
            }
            return false;
        }
        let Some(origin) = origin else {
            return true;
        };
        if let Some(history) = self.history {
            if self.known.len() >= history
                && let Some((_, oldest)) = self.order.pop_first()
            {
                self.known.remove(&oldest);
            }
            self.order.insert(self.uses, key.clone());
        }
        let known = Known {
            last_seen: self.uses,
            origin,
        };
        self.known.insert(key, known);
        true
    }

    fn forget(&mut self, retains: &dyn Fn(&Origin) -> bool) {
        let order = &mut self.order;
        self.known.retain(|_, known| {
            let stays = retains(&known.origin);
            if !stays {
                order.remove(&known.last_seen);
            }
            stays
        });
    }
}
