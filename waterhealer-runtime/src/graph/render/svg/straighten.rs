//! The last step of the layout: what is nearly level becomes level, where the columns leave it room.

use super::grid::{Chain, Grid};
use super::place::distance;

/// A difference that looks like a mistake.
const SMALL: f64 = 14.0;

pub(super) fn straighten(grid: &Grid, middles: &mut [f64]) {
    for chain in &grid.chains {
        level_bends(grid, chain, middles);
    }
    for cell in grid.columns.iter().flatten() {
        if let [before] = grid.cells[*cell].before[..] {
            level_pair(grid, before, *cell, middles);
        }
    }
}

/// An arrow past several columns is one level line.
fn level_bends(grid: &Grid, chain: &Chain, middles: &mut [f64]) {
    let (low, high) = room(grid, &chain.bends, middles);
    if low > high {
        return;
    }
    let (start, end) = (middles[chain.from], middles[chain.to]);
    let level = if (low..=high).contains(&start) {
        start
    } else {
        end.clamp(low, high)
    };
    for &bend in &chain.bends {
        middles[bend] = level;
    }
}

/// A step from one item to the next is level: the later one moves, or the earlier one if that bends nothing else.
fn level_pair(grid: &Grid, from: usize, to: usize, middles: &mut [f64]) {
    let fits = |cell: usize, level: f64| {
        let (low, high) = room(grid, &[cell], middles);
        (low..=high).contains(&level)
    };
    let (start, end) = (middles[from], middles[to]);
    let (first, last) = (&grid.cells[from], &grid.cells[to]);
    if start == end || (start - end).abs() > SMALL || first.is_bend || last.is_bend {
        return;
    }
    let alone = first.after.len() == 1 && first.before.iter().all(|cell| middles[*cell] != start);
    if fits(to, start) {
        middles[to] = start;
    } else if alone && fits(from, end) {
        middles[from] = end;
    }
}

/// The heights at which these cells, each in its column, keep their distance from what is above and below them.
fn room(grid: &Grid, cells: &[usize], middles: &[f64]) -> (f64, f64) {
    let (mut low, mut high) = (f64::MIN, f64::MAX);
    for cell in cells {
        for pair in grid.columns[grid.cells[*cell].column].windows(2) {
            let apart = distance(grid, pair[0], pair[1]);
            if pair[1] == *cell {
                low = low.max(middles[pair[0]] + apart);
            }
            if pair[0] == *cell {
                high = high.min(middles[pair[1]] - apart);
            }
        }
    }
    (low, high)
}
