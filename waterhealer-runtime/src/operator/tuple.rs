//! The inputs of an operator as a tuple of their types, two to six: a place for each in which its values wait, and what is
//! done with all of them at once. When a tuple is made of them is for the operators to say.

use std::collections::VecDeque;

use super::{Desk, Held, Ready};
use crate::carrier::FanOut;
use crate::clock::Moment;
use crate::ledger::Ticket;

/// The types of several inputs, which are also the types of the tuple made of their values.
pub trait Tuple: Sized {
    /// A queue for each input.
    type Queues: Row<Values = Self>;
    /// A seat for each input.
    type Seats: Row<Values = Self>;
}

/// One of the inputs.
pub trait At<const PORT: usize>: Tuple {
    /// Its values.
    type Value;
    /// Its queue.
    fn queue(queues: &mut Self::Queues) -> &mut Queue<Self::Value>;
    /// Its seat.
    fn seat(seats: &mut Self::Seats) -> &mut Seat<Self::Value>;
}

/// Inputs whose values can all be cloned.
pub trait Copies: Tuple {
    /// A tuple of clones; `None` while a seat is empty.
    fn copies(seats: &Self::Seats) -> Option<Self>;
}

/// A first input, and others.
pub trait FirstAndOthers: Tuple {
    /// The values of the first input.
    type First;
    /// A value of each of the others.
    type Others;
    /// The first input's seat.
    fn first(seats: &mut Self::Seats) -> &mut Seat<Self::First>;
    /// A tuple of all.
    fn tuple(first: Self::First, others: Self::Others) -> Self;
}

/// A first input, and others whose values can be cloned.
pub trait OthersCopied: FirstAndOthers {
    /// Clones of the others; `None` while a seat of theirs is empty.
    fn others(seats: &Self::Seats) -> Option<Self::Others>;
}

/// A value that waits, and what it has to finish.
#[derive(Debug)]
pub struct Waiting<T> {
    pub(super) value: T,
    pub(super) ticket: Ticket,
    pub(super) since: Moment,
}

/// Room for one value.
pub(super) type Seat<T> = Option<Waiting<T>>;

/// Room for any number of values.
pub(super) type Queue<T> = VecDeque<Waiting<T>>;

/// Where the values of one input wait.
pub trait Place: Default {
    /// What waits there.
    type Value;
    /// Whether there is a value.
    fn is_taken(&self) -> bool;
    /// The value whose turn it is.
    fn take(&mut self) -> Option<Waiting<Self::Value>>;
    /// Lets go of values whose partition is given up.
    fn forget(&mut self, desk: &mut Desk<'_>);
    /// What waits there.
    fn held(&self) -> Held;
    /// Shows the tickets of what waits there.
    fn tickets(&self, see: &mut dyn FnMut(&Ticket));

    /// Finishes everything: what it waits for comes no more.
    fn discard(&mut self, desk: &mut Desk<'_>) {
        while let Some(waiting) = self.take() {
            desk.discard(waiting.value, waiting.ticket);
        }
    }

    /// Lets go of everything, unfinished.
    fn abandon(&mut self, desk: &mut Desk<'_>) {
        while let Some(waiting) = self.take() {
            desk.let_go(waiting.value, waiting.ticket);
        }
    }
}

impl<T> Place for Seat<T> {
    type Value = T;

    #[inline]
    fn is_taken(&self) -> bool {
        self.is_some()
    }

    #[inline]
    fn take(&mut self) -> Option<Waiting<T>> {
        Option::take(self)
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        if let Some(gone) = self.take_if(|waiting| !desk.keeps(&waiting.ticket)) {
            desk.let_go(gone.value, gone.ticket);
        }
    }

    fn held(&self) -> Held {
        Held {
            values: usize::from(self.is_some()),
            since: self.as_ref().map(|waiting| waiting.since),
        }
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.iter().for_each(|waiting| see(&waiting.ticket));
    }
}

impl<T> Place for Queue<T> {
    type Value = T;

    #[inline]
    fn is_taken(&self) -> bool {
        !self.is_empty()
    }

    #[inline]
    fn take(&mut self) -> Option<Waiting<T>> {
        self.pop_front()
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        for waiting in std::mem::take(self) {
            if desk.keeps(&waiting.ticket) {
                self.push_back(waiting);
            } else {
                desk.let_go(waiting.value, waiting.ticket);
            }
        }
    }

    fn held(&self) -> Held {
        Held {
            values: self.len(),
            since: self.front().map(|first| first.since),
        }
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.iter().for_each(|waiting| see(&waiting.ticket));
    }
}

/// Places side by side, one for each input.
pub trait Row: Default {
    /// A tuple of one value of each.
    type Values;
    /// One value of each and a ticket for all; nothing while a place is empty.
    fn take(&mut self, desk: &mut Desk<'_>) -> Ready<Self::Values>;
    /// Whether no place is empty.
    fn is_complete(&self) -> bool;
    /// Finishes everything: what it waits for comes no more.
    fn discard(&mut self, desk: &mut Desk<'_>);
    /// Lets go of values whose partition is given up.
    fn forget(&mut self, desk: &mut Desk<'_>);
    /// Lets go of everything, unfinished.
    fn abandon(&mut self, desk: &mut Desk<'_>);
    /// What waits there.
    fn held(&self) -> Held;
    /// Shows the tickets of what waits there.
    fn tickets(&self, see: &mut dyn FnMut(&Ticket));
}

macro_rules! tuple {
    ($zero:tt $first:ident $a:ident, $($port:tt $type:ident $name:ident),+) => {
        impl<$first, $($type),+> Tuple for ($first, $($type),+) {
            type Queues = (Queue<$first>, $(Queue<$type>),+);
            type Seats = (Seat<$first>, $(Seat<$type>),+);
        }

        tuple!(@at [$first $($type)+] $zero $first);
        tuple!(@rest [$first $($type)+] $($port $type)+);

        impl<$first: FanOut, $($type: FanOut),+> Copies for ($first, $($type),+) {
            fn copies(seats: &Self::Seats) -> Option<Self> {
                let (Some($a), $(Some($name)),+) = (&seats.$zero, $(&seats.$port),+) else {
                    return None;
                };
                Some(($a.value.clone(), $($name.value.clone()),+))
            }
        }

        impl<$first, $($type),+> FirstAndOthers for ($first, $($type),+) {
            type First = $first;
            type Others = ($($type,)+);

            #[inline]
            fn first(seats: &mut Self::Seats) -> &mut Seat<$first> {
                &mut seats.$zero
            }

            #[inline]
            fn tuple(first: $first, others: Self::Others) -> Self {
                let ($($name,)+) = others;
                (first, $($name),+)
            }
        }

        impl<$first, $($type: FanOut),+> OthersCopied for ($first, $($type),+) {
            #[inline]
            fn others(seats: &Self::Seats) -> Option<Self::Others> {
                let ($(Some($name),)+) = ($(&seats.$port,)+) else {
                    return None;
                };
                Some(($($name.value.clone(),)+))
            }
        }

        impl<$first: Place, $($type: Place),+> Row for ($first, $($type),+) {
            type Values = ($first::Value, $($type::Value),+);

            #[inline]
            fn take(&mut self, desk: &mut Desk<'_>) -> Ready<Self::Values> {
                if !self.is_complete() {
                    return None;
                }
                let ($a, $($name),+) = (self.$zero.take()?, $(self.$port.take()?),+);
                let ticket = $a.ticket;
                $(let ticket = desk.merge(ticket, $name.ticket);)+
                Some((($a.value, $($name.value),+), ticket))
            }

            #[inline]
            fn is_complete(&self) -> bool {
                self.$zero.is_taken() $(&& self.$port.is_taken())+
            }

            fn discard(&mut self, desk: &mut Desk<'_>) {
                self.$zero.discard(desk);
                $(self.$port.discard(desk);)+
            }

            fn forget(&mut self, desk: &mut Desk<'_>) {
                self.$zero.forget(desk);
                $(self.$port.forget(desk);)+
            }

            fn abandon(&mut self, desk: &mut Desk<'_>) {
                self.$zero.abandon(desk);
                $(self.$port.abandon(desk);)+
            }

            fn held(&self) -> Held {
                self.$zero.held()$(.and(self.$port.held()))+
            }

            fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
                self.$zero.tickets(see);
                $(self.$port.tickets(see);)+
            }
        }
    };
    // One by one with the whole list beside it: a macro cannot repeat a list inside itself.
    (@rest $all:tt $($port:tt $type:ident)+) => {
        $(tuple!(@at $all $port $type);)+
    };
    (@at [$($all:ident)+] $port:tt $type:ident) => {
        impl<$($all),+> At<$port> for ($($all),+) {
            type Value = $type;

            #[inline]
            fn queue(queues: &mut Self::Queues) -> &mut Queue<$type> {
                &mut queues.$port
            }

            #[inline]
            fn seat(seats: &mut Self::Seats) -> &mut Seat<$type> {
                &mut seats.$port
            }
        }
    };
}

tuple!(0 A a, 1 B b);
tuple!(0 A a, 1 B b, 2 C c);
tuple!(0 A a, 1 B b, 2 C c, 3 D d);
tuple!(0 A a, 1 B b, 2 C c, 3 D d, 4 E e);
tuple!(0 A a, 1 B b, 2 C c, 3 D d, 4 E e, 5 F f);
