//! The second step of the layout: items and bends in their columns. A bend is where an arrow crosses a column; with
//! bends, every link joins two columns side by side.

use super::layout::Item;

/// The room that a bend keeps free for the arrow.
const BEND: f64 = 8.0;

/// Cells in columns, and the links between them.
pub(super) struct Grid {
    /// The items, with their indices, and then the bends.
    pub(super) cells: Vec<Cell>,
    /// The cells of each column, from top to bottom.
    pub(super) columns: Vec<Vec<usize>>,
    /// The way of each arrow.
    pub(super) chains: Vec<Chain>,
}

pub(super) struct Cell {
    pub(super) column: usize,
    pub(super) height: f64,
    pub(super) is_bend: bool,
    /// Cells of the column before that lead here.
    pub(super) before: Vec<usize>,
    /// Cells of the column after that this one leads to.
    pub(super) after: Vec<usize>,
}

/// The way of an arrow, by cells.
pub(super) struct Chain {
    pub(super) from: usize,
    pub(super) bends: Vec<usize>,
    pub(super) to: usize,
}

impl Chain {
    /// The cell from which the arrow comes to its end.
    pub(super) fn before_last(&self) -> usize {
        self.bends.last().copied().unwrap_or(self.from)
    }
}

impl Grid {
    pub(super) fn new(items: &[Item], arrows: &[(usize, usize)], columns: &[usize]) -> Grid {
        let cells = items.iter().zip(columns);
        let mut grid = Grid {
            cells: cells
                .map(|(item, column)| Cell::new(*column, item.height, false))
                .collect(),
            columns: Vec::new(),
            chains: Vec::new(),
        };
        for &(from, to) in arrows {
            grid.add_arrow(from, to);
        }
        grid.fill_columns(items);
        grid
    }

    fn add_arrow(&mut self, from: usize, to: usize) {
        let (start, end) = (self.cells[from].column, self.cells[to].column);
        let mut bends = Vec::new();
        for column in start + 1..end {
            bends.push(self.cells.len());
            self.cells.push(Cell::new(column, BEND, true));
        }
        let mut here = from;
        for &next in bends.iter().chain([&to]) {
            self.cells[here].after.push(next);
            self.cells[next].before.push(here);
            here = next;
        }
        self.chains.push(Chain { from, bends, to });
    }

    /// In the order in which a walk along the arrows meets them, beginning with the first item: what belongs together
    /// begins together.
    fn fill_columns(&mut self, items: &[Item]) {
        let count = self.cells.iter().map(|cell| cell.column + 1).max();
        self.columns = vec![Vec::new(); count.unwrap_or(0)];
        let mut met = vec![false; self.cells.len()];
        let mut next: Vec<usize> = (0..items.len()).rev().collect();
        while let Some(cell) = next.pop() {
            if std::mem::replace(&mut met[cell], true) {
                continue;
            }
            let here = &self.cells[cell];
            next.extend(here.after.iter().rev());
            if items.get(cell).is_none_or(|item| item.column.is_some()) {
                self.columns[here.column].push(cell);
            }
        }
    }
}

impl Cell {
    fn new(column: usize, height: f64, is_bend: bool) -> Cell {
        Cell {
            column,
            height,
            is_bend,
            before: Vec::new(),
            after: Vec::new(),
        }
    }
}
