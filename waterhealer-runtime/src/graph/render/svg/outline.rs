//! The outlines of the forms. All of them have the middle of their left and right sides where their frame has it, so an
//! arrow meets any of them there; elsewhere `inset` says how far the outline stands back.

use super::super::Form;
use super::layout::Rect;

/// How far a hexagon's corners stand back.
const CORNER: f64 = 12.0;
/// How much lower the side of a trapezoid is at its top, and again at its bottom.
const SLOPE: f64 = 7.0;
/// Half the height of a cylinder's lid.
const LID: f64 = 6.0;
/// How far the second sheet of a stack looks out.
const SHEET: f64 = 4.0;
/// How round the corners of a stage and of an operator are.
const ROUND: (f64, f64) = (4.0, 9.0);

impl Form {
    pub(super) fn class(self) -> &'static str {
        match self {
            Form::Topic => "topic",
            Form::Source => "source",
            Form::Map => "map",
            Form::Filter => "filter",
            Form::FlatMap => "flat-map",
            Form::Accumulate => "accumulate",
            Form::Foreach => "foreach",
            Form::Sink => "sink",
            Form::Healed => "healed",
            Form::Operator => "operator",
        }
    }

    /// What the form's sides take of its width.
    pub(super) fn sides(self) -> f64 {
        match self {
            Form::Filter => CORNER,
            Form::Source | Form::Sink => 12.0,
            Form::Accumulate | Form::Foreach => 10.0,
            Form::Operator => -8.0,
            _ => 0.0,
        }
    }

    /// Where the middle of its text is, seen from the middle of its frame.
    pub(super) fn middle(self) -> (f64, f64) {
        match self {
            Form::Topic => (0.0, LID - 1.0),
            Form::Foreach => (-SHEET / 2.0, SHEET / 2.0),
            Form::Accumulate | Form::Source => (4.0, 0.0),
            Form::Sink => (-4.0, 0.0),
            _ => (0.0, 0.0),
        }
    }

    /// How far the left side of a form of this height stands back where an arrow arrives, above or below the middle.
    pub(super) fn inset(self, height: f64, off: f64) -> f64 {
        let half = height / 2.0;
        let inset = match self {
            Form::Filter => CORNER * (off.abs() / half).min(1.0),
            Form::Source => half - (half * half - off * off).max(0.0).sqrt(),
            _ => 0.0,
        };
        inset.round()
    }
}

/// The outline of a form, and the lines inside of it.
pub(super) fn outline(form: Form, rect: &Rect) -> (String, String) {
    let (x, y, w, h) = (rect.x, rect.y, rect.width, rect.height);
    let (right, bottom, middle) = (x + w, y + h, y + h / 2.0);
    let half = h / 2.0;
    let none = String::new();
    match form {
        Form::Map => (rounded(x, y, w, h, ROUND.0), none),
        Form::Operator | Form::Healed => (rounded(x, y, w, h, ROUND.1), none),
        // Values begin behind its round end, and end behind that of a sink.
        Form::Source => (
            format!(
                "M{},{y}H{right}V{bottom}H{}A{half},{half} 0 0 1 {},{y}z",
                x + half,
                x + half,
                x + half
            ),
            none,
        ),
        Form::Sink => (
            format!(
                "M{x},{y}H{}A{half},{half} 0 0 1 {},{bottom}H{x}z",
                right - half,
                right - half
            ),
            none,
        ),
        Form::Filter => (
            format!(
                "M{x},{middle}L{},{y}H{}L{right},{middle}L{},{bottom}H{}z",
                x + CORNER,
                right - CORNER,
                right - CORNER,
                x + CORNER
            ),
            none,
        ),
        // More comes out than goes in.
        Form::FlatMap => (
            format!(
                "M{x},{}L{right},{y}V{bottom}L{x},{}z",
                y + SLOPE,
                bottom - SLOPE
            ),
            none,
        ),
        // The bar is the state that it keeps.
        Form::Accumulate => (
            rounded(x, y, w, h, ROUND.0),
            format!("M{},{y}V{bottom}", x + 8.0),
        ),
        Form::Foreach => (
            rounded(x, y + SHEET, w - SHEET, h - SHEET, ROUND.0),
            format!(
                "M{},{}V{y}H{right}V{}H{}",
                x + SHEET,
                y + SHEET,
                bottom - SHEET,
                right - SHEET
            ),
        ),
        Form::Topic => {
            let radii = format!("{half},{LID}", half = w / 2.0);
            let (top, low) = (y + LID, bottom - LID);
            (
                format!("M{x},{top}A{radii} 0 0 1 {right},{top}V{low}A{radii} 0 0 1 {x},{low}z"),
                format!("M{x},{top}A{radii} 0 0 0 {right},{top}"),
            )
        }
    }
}

fn rounded(x: f64, y: f64, width: f64, height: f64, r: f64) -> String {
    let (w, h) = (width - 2.0 * r, height - 2.0 * r);
    format!(
        "M{},{y}h{w}a{r},{r} 0 0 1 {r},{r}v{h}a{r},{r} 0 0 1 -{r},{r}h-{w}a{r},{r} 0 0 1 -{r},-{r}v-{h}a{r},{r} 0 0 1 {r},-{r}z",
        x + r
    )
}
