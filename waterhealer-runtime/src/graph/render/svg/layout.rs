//! What stands where: blocks in columns from left to right, arrows around them. It knows sizes, and nothing of nodes.
//!
//! The way of Sugiyama: columns by the longest path, bends in the columns that an arrow crosses, an order in each column
//! with few crossings, and then heights that make arrows straight. Nothing in it is left to chance: one graph has one
//! picture.

use super::columns::columns;
use super::grid::Grid;
use super::order::order;
use super::place::place;

/// Space around the whole.
const MARGIN: f64 = 12.0;
/// Between two columns, for arrows to bend.
const GAP: f64 = 56.0;
/// Before a column: arrows come to it level.
const LEAD: f64 = 14.0;
/// Between the graph and what stands apart.
const APART: f64 = 28.0;
/// Between the ends of arrows that lead to one block, where it is high enough.
pub(super) const SPREAD: f64 = 12.0;

/// What is to be placed.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The first column that it may stand in; without one it stands apart.
    pub(super) column: Option<usize>,
}

/// The whole picture: a frame an item, a route an arrow.
#[derive(Debug, PartialEq)]
pub(super) struct Plan {
    pub(super) boxes: Vec<Rect>,
    pub(super) routes: Vec<Route>,
    pub(super) width: f64,
    pub(super) height: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The way of an arrow: level through the columns, whatever it does between them.
#[derive(Debug, PartialEq)]
pub(super) struct Route {
    /// From the right side of the item it leaves to the end of its column.
    pub(super) first: Pass,
    /// Through columns between.
    pub(super) passes: Vec<Pass>,
    /// From the beginning of the column to the left side of the item it leads to.
    pub(super) last: Pass,
}

/// A level stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pass {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) y: f64,
}

impl Rect {
    pub(super) fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }
}

pub(super) fn lay_out(items: &[Item], arrows: &[(usize, usize)]) -> Plan {
    let mut grid = Grid::new(items, arrows, &columns(items, arrows));
    order(&mut grid);
    let middles = place(&grid);
    let strips = strips(items, &grid);
    let mut boxes: Vec<Rect> = items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let (left, right) = strips[grid.cells[index].column];
            Rect {
                x: ((left + right - item.width) / 2.0).round(),
                y: (MARGIN + middles[index] - item.height / 2.0).round(),
                width: item.width,
                height: item.height,
            }
        })
        .collect();
    let placed = grid.columns.iter().flatten();
    let bottoms = placed.map(|&cell| MARGIN + middles[cell] + grid.cells[cell].height / 2.0);
    let bottom = bottoms.reduce(f64::max);
    set_apart(items, &mut boxes, bottom);
    let width = boxes.iter().map(Rect::right).fold(0.0, f64::max);
    let bottoms = boxes.iter().map(|rect| rect.y + rect.height);
    let height = bottoms.chain(bottom).fold(0.0, f64::max);
    Plan {
        routes: routes(&grid, &boxes, &middles, &strips),
        boxes,
        width: width + MARGIN,
        height: (height + MARGIN).round(),
    }
}

/// Where each column begins and ends.
fn strips(items: &[Item], grid: &Grid) -> Vec<(f64, f64)> {
    let mut left = MARGIN;
    let mut strips = Vec::new();
    for column in &grid.columns {
        let cells = column.iter().filter_map(|cell| items.get(*cell));
        let right = left + cells.map(|item| item.width).fold(0.0, f64::max);
        strips.push((left, right));
        left = right + GAP + LEAD;
    }
    strips
}

/// Puts what stands apart in a row below the rest, if there is one.
fn set_apart(items: &[Item], boxes: &mut [Rect], bottom: Option<f64>) {
    let y = bottom.map_or(MARGIN, |bottom| (bottom + APART).round());
    let mut x = MARGIN;
    let apart = boxes.iter_mut().zip(items);
    for (rect, _) in apart.filter(|(_, item)| item.column.is_none()) {
        (rect.x, rect.y) = (x, y);
        x = rect.right() + APART;
    }
}

fn routes(grid: &Grid, boxes: &[Rect], middles: &[f64], strips: &[(f64, f64)]) -> Vec<Route> {
    let ends = ends(grid, boxes, middles);
    let chains = grid.chains.iter().zip(ends);
    chains
        .map(|(chain, end)| {
            let (from, to) = (&boxes[chain.from], &boxes[chain.to]);
            let passes = chain.bends.iter().map(|bend| {
                let (left, right) = strips[grid.cells[*bend].column];
                let y = (MARGIN + middles[*bend]).round();
                Pass {
                    left: left - LEAD,
                    right,
                    y,
                }
            });
            Route {
                first: Pass {
                    left: from.right(),
                    right: strips[grid.cells[chain.from].column].1,
                    y: from.middle(),
                },
                passes: passes.collect(),
                last: Pass {
                    left: strips[grid.cells[chain.to].column].0 - LEAD,
                    right: to.x,
                    y: end,
                },
            }
        })
        .collect()
}

/// Where each arrow ends. Those that lead to one item end side by side, in the order in which they come.
fn ends(grid: &Grid, boxes: &[Rect], middles: &[f64]) -> Vec<f64> {
    let mut ends: Vec<f64> = grid
        .chains
        .iter()
        .map(|chain| boxes[chain.to].middle())
        .collect();
    for (item, rect) in boxes.iter().enumerate() {
        let chains = grid.chains.iter().enumerate();
        let mut arriving: Vec<(f64, usize)> = chains
            .filter(|(_, chain)| chain.to == item)
            .map(|(number, chain)| (middles[chain.before_last()], number))
            .collect();
        arriving.sort_by(|a, b| a.0.total_cmp(&b.0));
        let steps = arriving.len().saturating_sub(1).max(1) as f64;
        let spread = SPREAD.min((rect.height - 16.0) / steps).floor();
        let top = rect.middle() - spread * (arriving.len() as f64 - 1.0) / 2.0;
        for (place, (_, number)) in arriving.into_iter().enumerate() {
            ends[number] = top + spread * place as f64;
        }
    }
    ends
}
