//! One partition's row of `offsets show`, as text and as JSON.

use serde_json::json;

/// One partition as it is shown.
pub(super) struct Row {
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) committed: Option<i64>,
    pub(super) done: Option<u64>,
    pub(super) first: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) metadata: String,
    pub(super) member: Option<String>,
}

impl Row {
    /// Records to be read: from the committed offset, or from the first one, to the end.
    fn lag(&self) -> Option<i64> {
        let from = self.committed.or(self.first)?;
        Some((self.end? - from.max(self.first?)).max(0))
    }

    pub(super) fn json(&self) -> serde_json::Value {
        json!({
            "topic": self.topic,
            "partition": self.partition,
            "committed": self.committed,
            "done_above": self.done,
            "first": self.first,
            "end": self.end,
            "lag": self.lag(),
            "metadata": self.metadata,
            "member": self.member,
        })
    }

    pub(super) fn cells(&self) -> [String; 9] {
        let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        [
            self.topic.clone(),
            self.partition.to_string(),
            or_dash(self.committed.map(|offset| offset.to_string())),
            or_dash(self.done.map(|done| done.to_string())),
            or_dash(self.first.map(|offset| offset.to_string())),
            or_dash(self.end.map(|offset| offset.to_string())),
            or_dash(self.lag().map(|lag| lag.to_string())),
            self.metadata.clone(),
            or_dash(self.member.clone()),
        ]
    }
}

/// Lines of cells as text, one below the other.
pub(super) fn aligned(lines: &[[String; 9]]) -> String {
    let mut widths = [0; 9];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
