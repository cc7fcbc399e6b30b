//! The fourth step of the layout: heights. The order in a column is given; each cell wants to be level with its neighbours,
//! and cells of a column keep their distance.

use super::grid::{Cell, Grid};
use super::straighten::straighten;

/// Between two cells of a column.
const GAP: f64 = 18.0;
/// How often the whole is gone through.
const SWEEPS: usize = 8;
/// How much more the arrows that pass a column weigh than those that end there: a long arrow is straight first.
const STRAIGHT: f64 = 4.0;

/// The middle of each cell, the highest cell beginning at 0.
pub(super) fn place(grid: &Grid) -> Vec<f64> {
    let mut middles = vec![0.0; grid.cells.len()];
    for column in &grid.columns {
        settle(grid, column, &mut middles, |_| None);
    }
    for _ in 0..SWEEPS {
        for column in grid.columns.iter().rev() {
            settle(grid, column, &mut middles, |cell| Some(&cell.after));
        }
        for column in &grid.columns {
            settle(grid, column, &mut middles, |cell| Some(&cell.before));
        }
    }
    straighten(grid, &mut middles);
    let placed = grid.columns.iter().flatten();
    let tops = placed.map(|&cell| middles[cell] - grid.cells[cell].height / 2.0);
    let top = tops.reduce(f64::min).unwrap_or(0.0);
    middles.iter().map(|middle| middle - top).collect()
}

/// Cells that stand against one another, and move as one.
struct Pile {
    /// Where its first cell wants to be, times `weight`.
    pull: f64,
    weight: f64,
    cells: usize,
}

impl Pile {
    fn wanted(&self) -> f64 {
        self.pull / self.weight
    }
}

/// Puts each cell of a column as near to where it wants to be as the others allow, in the sense of least squares: piles
/// that would overlap become one, which stands where its cells want to be on average.
fn settle(
    grid: &Grid,
    column: &[usize],
    middles: &mut [f64],
    neighbours: fn(&Cell) -> Option<&Vec<usize>>,
) {
    let mut piles: Vec<Pile> = Vec::new();
    let distances = distances(grid, column);
    for (&cell, distance) in column.iter().zip(&distances) {
        let near = neighbours(&grid.cells[cell]).map_or(&[][..], Vec::as_slice);
        let (wanted, weight) = wish(grid, cell, near, middles);
        let mut pile = Pile {
            pull: (wanted - distance) * weight,
            weight,
            cells: 1,
        };
        while let Some(above) = piles.pop_if(|above| above.wanted() > pile.wanted()) {
            pile.pull += above.pull;
            pile.weight += above.weight;
            pile.cells += above.cells;
        }
        piles.push(pile);
    }
    let tops = piles
        .iter()
        .flat_map(|pile| std::iter::repeat_n(pile.wanted(), pile.cells));
    for ((&cell, distance), top) in column.iter().zip(&distances).zip(tops) {
        middles[cell] = top + distance;
    }
}

/// How far each cell's middle is at least from that of the first.
fn distances(grid: &Grid, column: &[usize]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut above = None;
    let cells = column.iter().map(|&cell| {
        sum += above.map_or(0.0, |above| distance(grid, above, cell));
        above = Some(cell);
        sum
    });
    cells.collect()
}

/// How far the middles of two cells are apart at least, one below the other.
pub(super) fn distance(grid: &Grid, above: usize, below: usize) -> f64 {
    (grid.cells[above].height + grid.cells[below].height) / 2.0 + GAP
}

/// Where a cell wants to be, and how much.
fn wish(grid: &Grid, cell: usize, near: &[usize], middles: &[f64]) -> (f64, f64) {
    let is_bend = grid.cells[cell].is_bend;
    let (mut pull, mut weight) = (0.0, 0.0);
    for &other in near {
        let both = is_bend && grid.cells[other].is_bend;
        let link = if both { STRAIGHT } else { 1.0 };
        pull += middles[other] * link;
        weight += link;
    }
    if near.is_empty() {
        // Stay, unless others press.
        return (middles[cell], 0.1);
    }
    (pull / weight, weight)
}
