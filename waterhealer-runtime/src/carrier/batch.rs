//! `Batch`: what a stage may do with the carrier of many rows. Every operation consumes one carrier and gives one of the
//! same brand, or the receipt; a row leaves by being let go or by failing, and its seat is noted either way.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::slice;

use super::rows::{Leave, Outcomes, Rows};
use super::tracked::{BrandMark, Done};
use crate::error::{BoxError, Failure};

/// Many rows on their way through the pipeline together with the records they came from.
///
/// A stage that takes a `Batch<T>` must give it back, as `Batch<U>` or, in a sink, as [`Done`]: dropping it, keeping it or
/// answering with another one does not compile. Rows may leave it: those that are let go are finished, those that fail go
/// to the stage's `on_error` policy alone. A stage that answers an error, or panics, fails with all its rows.
///
/// A batch is read as a slice: `rows.len()`, `rows.iter()`, `rows[0]`, `for row in &rows`. Write the type without the
/// lifetime; `#[pipeline]` names it.
///
/// ```
/// use waterhealer_runtime::{Batch, testing};
/// fn totals<'record>(rows: Batch<'record, (u64, u64)>) -> Batch<'record, u64> {
///     rows.retain(|(count, _price)| *count > 0)
///         .map(|(count, price)| count * price)
/// }
/// let rows = vec![(2, 10), (0, 99), (1, 5)];
/// testing::with_batch(rows, |rows| assert_eq!(totals(rows).as_slice(), [20, 5]));
/// ```
#[must_use = "the offsets of its rows would never be committed: return the batch, or `.done()` in a sink"]
pub struct Batch<'record, T> {
    pub(super) rows: Rows<T>,
    pub(super) serial: (u32, u64),
    /// What became of the rows that have left. An error: the whole batch has failed, and has no rows any more.
    pub(super) outcomes: Result<Outcomes, Failure>,
    pub(super) brand: BrandMark<'record>,
}

impl<'record, T> Batch<'record, T> {
    /// The rows, borrowed.
    pub fn as_slice(&self) -> &[T] {
        self.rows.as_slice()
    }

    /// Each row as what `change` makes of it.
    ///
    /// ```
    /// # use waterhealer_runtime::testing;
    /// testing::with_batch(vec![1, 2], |rows| assert_eq!(*rows.map(|n| n * 10), [10, 20]));
    /// ```
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Batch<'record, U> {
        self.sift(|row| Ok(change(row)))
    }

    /// Each row as what `change` makes of it; a row for which it fails goes to the stage's `on_error` policy, alone, and the
    /// others stay.
    ///
    /// ```
    /// # use waterhealer_runtime::testing;
    /// let texts = vec!["1", "one", "3"];
    /// testing::with_batch(texts, |rows| assert_eq!(*rows.try_map(str::parse::<i64>), [1, 3]));
    /// ```
    pub fn try_map<U, E: Into<BoxError>>(
        self,
        mut change: impl FnMut(T) -> Result<U, E>,
    ) -> Batch<'record, U> {
        self.sift(|row| change(row).map_err(fail))
    }

    /// Keeps the rows for which `keep` is true; the others are let go, and so finished.
    ///
    /// ```
    /// # use waterhealer_runtime::testing;
    /// testing::with_batch(vec![1, 2, 3], |rows| assert_eq!(*rows.retain(|n| n % 2 == 1), [1, 3]));
    /// ```
    pub fn retain(self, mut keep: impl FnMut(&T) -> bool) -> Self {
        self.sift(|row| match keep(&row) {
            true => Ok(row),
            false => Err(Leave::Finished),
        })
    }

    /// Lets go each row that is the same as the one kept before it: `same` is given the row, then that one, as with
    /// [`Vec::dedup_by`], but only to look at. A row that is let go is finished at once, so that what it holds must not be
    /// merged into one that goes on.
    ///
    /// ```
    /// # use waterhealer_runtime::testing;
    /// let rows = vec![("a", 1), ("a", 2), ("b", 1)];
    /// testing::with_batch(rows, |rows| {
    ///     assert_eq!(*rows.dedup_by(|a, b| a.0 == b.0), [("a", 1), ("b", 1)])
    /// });
    /// ```
    pub fn dedup_by(self, mut same: impl FnMut(&T, &T) -> bool) -> Self {
        self.change(|rows, outcomes| {
            let mut rows: Vec<(u32, T)> = rows.into_seated().collect();
            rows.dedup_by(|(seat, row), (_, kept)| {
                let gone = same(row, kept);
                if gone {
                    outcomes.finished.push(*seat);
                }
                gone
            });
            Rows::from_seated(rows)
        })
    }

    /// The rows in the order of `compare`; rows that are equal by it keep theirs.
    pub fn sort_by(self, mut compare: impl FnMut(&T, &T) -> Ordering) -> Self {
        self.change(|rows, _outcomes| {
            let mut rows: Vec<(u32, T)> = rows.into_seated().collect();
            rows.sort_by(|(_, a), (_, b)| compare(a, b));
            Rows::from_seated(rows)
        })
    }

    /// The rows in the order of what `key` makes of each; rows with equal keys keep theirs.
    ///
    /// ```
    /// # use waterhealer_runtime::testing;
    /// let words = vec!["heal", "a", "leak"];
    /// testing::with_batch(words, |rows| {
    ///     assert_eq!(*rows.sort_by_key(|word| word.len()), ["a", "heal", "leak"])
    /// });
    /// ```
    pub fn sort_by_key<K: Ord>(self, mut key: impl FnMut(&T) -> K) -> Self {
        self.sort_by(|a, b| key(a).cmp(&key(b)))
    }

    /// Lends each row to `call`, in order, and gives the batch back.
    pub fn for_each(self, call: impl FnMut(&T)) -> Self {
        self.rows.as_slice().iter().for_each(call);
        self
    }

    /// Lends each row to `call`, in order; a row for which it fails goes to the stage's `on_error` policy, alone, and the
    /// others stay.
    ///
    /// ```
    /// use waterhealer_runtime::{Batch, Done, testing};
    /// # fn write(line: &str) -> std::io::Result<()> { if line.is_empty() { Err(std::io::ErrorKind::InvalidData.into()) } else { Ok(()) } }
    /// fn store<'record>(lines: Batch<'record, String>) -> Done<'record> {
    ///     lines.try_for_each(|line| write(line)).done()
    /// }
    /// # testing::with_batch(vec![String::new()], |lines| drop(store(lines)));
    /// ```
    pub fn try_for_each<E: Into<BoxError>>(
        self,
        mut call: impl FnMut(&T) -> Result<(), E>,
    ) -> Self {
        self.sift(|row| match call(&row) {
            Ok(()) => Ok(row),
            Err(error) => Err(fail(error)),
        })
    }

    /// Lends the rows to `call` in chunks of `n`, the last of which may be shorter, and gives the batch back whole. No chunk
    /// is empty, and an `n` of 0 is taken as 1. Where the work of a chunk can fail, or waits, walk over
    /// [`rows.chunks(n)`](slice::chunks) with `?` instead.
    ///
    /// ```
    /// # use waterhealer_runtime::testing;
    /// let mut sizes = Vec::new();
    /// testing::with_batch(vec!['a'; 5], |rows| {
    ///     let rows = rows.for_each_chunk(2, |chunk| sizes.push(chunk.len()));
    ///     assert_eq!(rows.len(), 5);
    /// });
    /// assert_eq!(sizes, [2, 2, 1]);
    /// ```
    pub fn for_each_chunk(self, n: usize, call: impl FnMut(&[T])) -> Self {
        self.rows.as_slice().chunks(n.max(1)).for_each(call);
        self
    }

    /// The rows as what one call makes of all of them, such as an outside call that answers in bulk. It must answer one
    /// value for each row, in the order of the rows: another number of them fails the whole batch, which then has no rows.
    ///
    /// ```
    /// # use waterhealer_runtime::testing;
    /// # fn prices(ids: Vec<u32>) -> Vec<Result<u64, String>> { ids.iter().map(|id| if *id == 0 { Err("no such id".into()) } else { Ok(u64::from(*id) * 100) }).collect() }
    /// // A call that answers a `Result` for each row: the rows that failed are then set apart.
    /// testing::with_batch(vec![7, 0], |ids| {
    ///     let priced = ids.replace_with(|ids| prices(ids)).try_map(|price| price);
    ///     assert_eq!(*priced, [700]);
    /// });
    /// ```
    pub fn replace_with<U>(self, change: impl FnOnce(Vec<T>) -> Vec<U>) -> Batch<'record, U> {
        let (values, empty) = self.take();
        empty.put(change(values))
    }

    /// The rows as what one call makes of all of them, if it succeeds; see [`replace_with`](Batch::replace_with).
    ///
    /// # Errors
    /// What `change` answers; the stage then returns it, and the whole batch goes to the stage's `on_error` policy.
    ///
    /// ```
    /// use waterhealer_runtime::{Batch, testing};
    /// # fn look_up(ids: Vec<u32>) -> std::io::Result<Vec<String>> { Ok(ids.iter().map(u32::to_string).collect()) }
    /// fn names<'record>(ids: Batch<'record, u32>) -> std::io::Result<Batch<'record, String>> {
    ///     ids.try_replace_with(|ids| look_up(ids))
    /// }
    /// testing::with_batch(vec![1], |ids| assert_eq!(names(ids).unwrap()[0], "1"));
    /// ```
    pub fn try_replace_with<U, E>(
        self,
        change: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>,
    ) -> Result<Batch<'record, U>, E> {
        let (values, empty) = self.take();
        Ok(empty.put(change(values)?))
    }

    /// Takes the values out and leaves the batch with as many empty rows, to be filled with [`put`](Batch::put): for calls
    /// in bulk that are awaited.
    ///
    /// ```
    /// use waterhealer_runtime::Batch;
    /// # struct Rates; impl Rates { async fn bulk(&self, ids: Vec<u32>) -> std::io::Result<Vec<u64>> { Ok(vec![0; ids.len()]) } }
    /// async fn price<'record>(
    ///     ids: Batch<'record, u32>,
    ///     rates: &Rates,
    /// ) -> std::io::Result<Batch<'record, u64>> {
    ///     let (ids, rows) = ids.take();
    ///     Ok(rows.put(rates.bulk(ids).await?))
    /// }
    /// ```
    pub fn take(self) -> (Vec<T>, Batch<'record, ()>) {
        let Batch {
            rows,
            serial,
            outcomes,
            brand,
        } = self;
        let (values, seats) = rows.apart();
        let empty = vec![(); values.len()];
        let rest = Batch {
            rows: Rows::seated(empty, seats),
            serial,
            outcomes,
            brand,
        };
        (values, rest)
    }

    /// The same batch with other values: one for each row, in the order of the rows. Another number of them fails the whole
    /// batch, which then has no rows.
    pub fn put<U>(self, values: Vec<U>) -> Batch<'record, U> {
        let (expected, given) = (self.len(), values.len());
        let (_, seats) = self.rows.apart();
        let outcomes = self.outcomes.and_then(|outcomes| match given == expected {
            true => Ok(outcomes),
            false => Err(wrong_length(expected, given)),
        });
        let rows = match &outcomes {
            Ok(_) => Rows::seated(values, seats),
            Err(_) => Rows::new(Vec::new()),
        };
        Batch {
            rows,
            serial: self.serial,
            outcomes,
            brand: self.brand,
        }
    }

    /// The receipt: the work for the rows that are still here is done. What a sink answers.
    ///
    /// ```
    /// use waterhealer_runtime::{Batch, Done};
    /// # struct Db; impl Db { async fn insert(&self, _: &[String]) -> std::io::Result<()> { Ok(()) } }
    /// async fn store<'record>(
    ///     lines: Batch<'record, String>,
    ///     db: &Db,
    /// ) -> std::io::Result<Done<'record>> {
    ///     db.insert(lines.as_slice()).await?;
    ///     Ok(lines.done())
    /// }
    /// ```
    pub fn done(self) -> Done<'record> {
        let rows = match self.outcomes {
            Ok(outcomes) if outcomes.is_empty() => None,
            outcomes => Some(Box::new(outcomes)),
        };
        Done {
            serial: self.serial,
            rows,
            brand: PhantomData,
        }
    }

    fn sift<U>(self, mut call: impl FnMut(T) -> Result<U, Leave>) -> Batch<'record, U> {
        self.change(|rows, outcomes| {
            let (values, seats) = rows.apart();
            Rows::sift(seats, values.into_iter().map(&mut call), outcomes)
        })
    }

    fn change<U>(
        self,
        change: impl FnOnce(Rows<T>, &mut Outcomes) -> Rows<U>,
    ) -> Batch<'record, U> {
        let mut outcomes = self.outcomes;
        let rows = match &mut outcomes {
            Ok(outcomes) => change(self.rows, outcomes),
            Err(_) => Rows::new(Vec::new()),
        };
        Batch {
            rows,
            serial: self.serial,
            outcomes,
            brand: self.brand,
        }
    }
}

fn fail<E: Into<BoxError>>(error: E) -> Leave {
    Leave::Failed(Failure::error(error))
}

#[cold]
fn wrong_length(expected: usize, given: usize) -> Failure {
    let why = format!(
        "the batch has {expected} rows, but {given} values were put in their place: there must be one for each row"
    );
    Failure::error(why)
}

impl<T> Deref for Batch<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.rows.as_slice()
    }
}

impl<'rows, T> IntoIterator for &'rows Batch<'_, T> {
    type Item = &'rows T;
    type IntoIter = slice::Iter<'rows, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.as_slice().iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Batch<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("rows", &self.as_slice())
            .finish_non_exhaustive()
    }
}
