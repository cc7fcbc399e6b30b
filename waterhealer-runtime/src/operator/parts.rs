//! Names for types that the macro cannot write down: the row of a batch, a place of a tuple. Types only: nothing runs here.

use crate::carrier::{Answered, Rows};

/// What is made of rows.
pub trait Batched {
    /// One of them.
    type Row;
}

impl<T> Batched for Rows<T> {
    type Row = T;
}

impl<T> Batched for Vec<T> {
    type Row = T;
}

/// What a stage over a batch answers, without its outcomes.
pub trait Outcome {
    /// The rows, or nothing by a sink.
    type Value;
}

impl<R> Outcome for Answered<R> {
    type Value = R;
}

/// A tuple with a place of this number.
pub trait Nth<const PLACE: usize> {
    /// What stands there.
    type Part;
}

macro_rules! places {
    ($(($($part:ident),+): $($place:literal $at:ident),+;)+) => {
        $(places!(@ ($($part),+) $($place $at),+);)+
    };
    (@ $tuple:tt $($place:literal $at:ident),+) => {
        $(places!(@@ $tuple $place $at);)+
    };
    (@@ ($($part:ident),+) $place:literal $at:ident) => {
        impl<$($part),+> Nth<$place> for ($($part,)+) {
            type Part = $at;
        }
    };
}

places! {
    (A): 0 A;
    (A, B): 0 A, 1 B;
    (A, B, C): 0 A, 1 B, 2 C;
    (A, B, C, D): 0 A, 1 B, 2 C, 3 D;
    (A, B, C, D, E): 0 A, 1 B, 2 C, 3 D, 4 E;
    (A, B, C, D, E, F): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F;
    (A, B, C, D, E, F, G): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G;
    (A, B, C, D, E, F, G, H): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H;
    (A, B, C, D, E, F, G, H, I): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H, 8 I;
    (A, B, C, D, E, F, G, H, I, J): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H, 8 I, 9 J;
    (A, B, C, D, E, F, G, H, I, J, K): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H, 8 I, 9 J, 10 K;
    (A, B, C, D, E, F, G, H, I, J, K, L): 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H, 8 I, 9 J, 10 K, 11 L;
}
