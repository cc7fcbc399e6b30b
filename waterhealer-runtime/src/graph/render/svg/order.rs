//! The third step of the layout: an order in each column with few crossings. Each cell goes where its neighbours are on
//! average, column by column, to the right and to the left in turn; the best order met is kept.

use super::grid::{Cell, Grid};

/// How often the whole is gone through. Pipelines settle after two or three.
const SWEEPS: usize = 12;

pub(super) fn order(grid: &mut Grid) {
    let mut best = grid.columns.clone();
    let mut fewest = crossings(grid);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let count = grid.columns.len();
        for step in 0..count {
            if sweep % 2 == 0 {
                sort_column(grid, step, |cell| &cell.before);
            } else {
                sort_column(grid, count - 1 - step, |cell| &cell.after);
            }
        }
        let crossings = crossings(grid);
        if crossings < fewest {
            fewest = crossings;
            best.clone_from(&grid.columns);
        }
    }
    grid.columns = best;
}

/// A cell without neighbours on that side stays where it is.
fn sort_column(grid: &mut Grid, column: usize, neighbours: fn(&Cell) -> &Vec<usize>) {
    let places = places(grid);
    let cells = grid.columns[column].iter().map(|&cell| {
        let near = neighbours(&grid.cells[cell]);
        let sum: usize = near.iter().map(|other| places[*other]).sum();
        let middle = if near.is_empty() {
            places[cell] as f64
        } else {
            sum as f64 / near.len() as f64
        };
        (middle, cell)
    });
    let mut cells: Vec<(f64, usize)> = cells.collect();
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    grid.columns[column] = cells.into_iter().map(|(_, cell)| cell).collect();
}

/// How many pairs of links cross.
pub(super) fn crossings(grid: &Grid) -> usize {
    let places = places(grid);
    let mut crossings = 0;
    for column in &grid.columns {
        // From top to bottom, so of two links the later one crosses if it ends above.
        let links = column.iter().enumerate().flat_map(|(place, &cell)| {
            let after = grid.cells[cell].after.iter();
            after.map(move |next| (place, *next))
        });
        let links: Vec<(usize, usize)> = links.map(|(place, next)| (place, places[next])).collect();
        for (number, (start, end)) in links.iter().enumerate() {
            let above = links[..number].iter();
            crossings += above
                .filter(|(other, far)| other < start && far > end)
                .count();
        }
    }
    crossings
}

/// The place of each cell in its column.
fn places(grid: &Grid) -> Vec<usize> {
    let mut places = vec![0; grid.cells.len()];
    for column in &grid.columns {
        for (place, &cell) in column.iter().enumerate() {
            places[cell] = place;
        }
    }
    places
}
