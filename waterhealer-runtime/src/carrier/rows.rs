//! The rows of a batch between two stages, each with its seat, and what became of rows that did not come along.
//! What a stage may do with rows that it holds is in `batch`; the tickets behind the seats are the ledger's.

use std::fmt::{self, Debug};

use serde::{Serialize, Serializer};

use crate::error::Failure;

/// The rows of a batch on their way between two stages.
///
/// It is no stage's to take or to give: a stage has `Batch<T>`, or the values alone as `Vec<T>`.
///
/// ```
/// # use waterhealer_runtime::Rows;
/// fn total(cents: &Rows<u64>) -> u64 {
///     cents.as_slice().iter().sum()
/// }
/// ```
pub struct Rows<T> {
    values: Vec<T>,
    /// The number of each row's ticket in the batch's joined one. `None`: row `i` has seat `i`, as long as none has left.
    seats: Option<Vec<u32>>,
}

/// What became of the rows that do not go on with their batch.
#[derive(Debug, Default)]
pub struct Outcomes {
    /// The seats of rows that were let go.
    pub finished: Vec<u32>,
    /// The seats of rows that failed alone, each with its failure.
    pub failed: Vec<(u32, Failure)>,
}

/// What a call over a batch gave, with the outcomes of the rows that left meanwhile.
#[derive(Debug)]
pub struct Answered<R> {
    /// What goes on.
    pub value: R,
    /// What does not.
    pub outcomes: Outcomes,
}

/// How a row leaves its batch.
pub(super) enum Leave {
    Finished,
    Failed(Failure),
}

// By hand, so that a user whose rows are not `Clone` is told why they should be.
#[diagnostic::do_not_recommend]
impl<T: Clone> Clone for Rows<T> {
    fn clone(&self) -> Self {
        Rows {
            values: self.values.clone(),
            seats: self.seats.clone(),
        }
    }
}

// As lists: seats are nobody's to look at.
#[diagnostic::do_not_recommend]
impl<T: Debug> Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.values.fmt(f)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.values.serialize(serializer)
    }
}

/// Read as a list of values, of a batch of which no row has left.
#[diagnostic::do_not_recommend]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Rows<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Rows::new)
    }
}

impl<T> Rows<T> {
    /// The rows of a batch of which none has left yet: the value at `i` has seat `i`.
    pub(crate) fn new(values: Vec<T>) -> Self {
        Rows {
            values,
            seats: None,
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no row is left.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values, borrowed.
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// The values alone.
    pub fn into_values(self) -> Vec<T> {
        self.values
    }

    /// The values, each with its seat in the batch's ticket.
    pub fn into_seated(self) -> impl Iterator<Item = (u32, T)> {
        let Rows { values, seats } = self;
        (0u32..).zip(values).map(move |(at, value)| {
            let seat = seat_at(seats.as_deref(), at);
            (seat, value)
        })
    }

    /// The values, and the seats they leave empty, for [`seated`](Rows::seated).
    pub(super) fn apart(self) -> (Vec<T>, Option<Vec<u32>>) {
        (self.values, self.seats)
    }

    /// Values in seats that [`apart`](Rows::apart) has left empty. There are as many of them as there were before.
    pub(super) fn seated(values: Vec<T>, seats: Option<Vec<u32>>) -> Self {
        Rows { values, seats }
    }

    /// Values that each bring their seat.
    pub(super) fn from_seated(rows: Vec<(u32, T)>) -> Self {
        let (seats, values) = rows.into_iter().unzip();
        Rows {
            values,
            seats: Some(seats),
        }
    }

    /// The rows that stay, in the seats of `seats`; those that leave are noted in `outcomes`. `answers` has one for each seat.
    pub(super) fn sift(
        seats: Option<Vec<u32>>,
        answers: impl Iterator<Item = Result<T, Leave>>,
        outcomes: &mut Outcomes,
    ) -> Self {
        let seat = |at| seat_at(seats.as_deref(), at);
        // Nothing is written, nor allocated, until the first row leaves.
        let mut stayed: Option<Vec<u32>> = None;
        let values = (0u32..).zip(answers).filter_map(|(at, answer)| {
            let leave = match answer {
                Ok(value) => {
                    if let Some(stayed) = &mut stayed {
                        stayed.push(seat(at));
                    }
                    return Some(value);
                }
                Err(leave) => leave,
            };
            if stayed.is_none() {
                stayed = Some((0..at).map(seat).collect());
            }
            match leave {
                Leave::Finished => outcomes.finished.push(seat(at)),
                Leave::Failed(failure) => outcomes.failed.push((seat(at), failure)),
            }
            None
        });
        let values = values.collect();
        Rows {
            values,
            seats: stayed.or(seats),
        }
    }
}

impl Outcomes {
    /// Whether every row went on.
    pub fn is_empty(&self) -> bool {
        self.finished.is_empty() && self.failed.is_empty()
    }
}

fn seat_at(seats: Option<&[u32]>, at: u32) -> u32 {
    seats.map_or(at, |seats| seats[at as usize])
}
