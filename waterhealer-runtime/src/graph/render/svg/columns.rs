//! The first step of the layout: which column an item stands in.

use super::layout::Item;

/// One column past the last of those that lead to it: every arrow goes to the right.
pub(super) fn columns(items: &[Item], arrows: &[(usize, usize)]) -> Vec<usize> {
    let first = |item: &Item| item.column.unwrap_or(0);
    let mut columns: Vec<usize> = items.iter().map(first).collect();
    // The longest way passes every item once; in a circle, which the macro refuses, there would be no end.
    for _ in items {
        let mut moved = false;
        for &(from, to) in arrows {
            let wanted = columns[from] + 1;
            moved |= columns[to] < wanted;
            columns[to] = columns[to].max(wanted);
        }
        if !moved {
            break;
        }
    }
    columns
}
