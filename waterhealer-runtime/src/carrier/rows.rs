//! placeholder until merged
/// Rows.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    values: Vec<T>,
    seats: Option<Vec<u32>>,
}
impl<T> Rows<T> {
    /// new
    pub fn new(values: Vec<T>) -> Self {
        Rows {
            values,
            seats: None,
        }
    }
    /// len
    pub fn len(&self) -> usize {
        self.values.len()
    }
    /// is_empty
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
    /// into_values
    pub fn into_values(self) -> Vec<T> {
        self.values
    }
    /// into_seated
    pub fn into_seated(self) -> impl Iterator<Item = (u32, T)> {
        let seats = self
            .seats
            .unwrap_or_else(|| (0..self.values.len() as u32).collect());
        seats.into_iter().zip(self.values)
    }
}
/// Outcomes
#[derive(Debug, Default)]
pub struct Outcomes {
    pub finished: Vec<u32>,
    pub failed: Vec<(u32, crate::error::Failure)>,
}
/// Answered
#[derive(Debug)]
pub struct Answered<R> {
    pub value: R,
    pub outcomes: Outcomes,
}
