//! How many completions fit the metadata of one commit, by pattern, beside the encodings that Confluent's Parallel Consumer
//! publishes (`OffsetMapCodecManager`, `BitSetEncoder`, `RunLengthEncoder`, `OffsetSimultaneousEncoder`; Apache License 2.0):
//! what they write is counted here, not copied. The guide's page on the done-set holds the table that this test prints.

use super::super::*;

/// Offsets of one pattern: whether the one so far above the position is finished.
struct Pattern {
    name: &'static str,
    finished: Box<dyn Fn(u64) -> bool>,
}

/// The highest span that is tried: far more than may be in flight.
const SPAN: u64 = 1_000_000;

fn dice(number: u64, salt: u64) -> u64 {
    // SplitMix64 (Sebastiano Vigna, public domain).
    let mut x = (number ^ salt << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

fn random(share: u64) -> Box<dyn Fn(u64) -> bool> {
    Box::new(move |at| at > 0 && dice(at, share) % 1_000 < share)
}

fn patterns() -> Vec<Pattern> {
    let pattern = |name, finished| Pattern { name, finished };
    vec![
        pattern("one straggler", Box::new(|at| at > 0)),
        pattern("every second", Box::new(|at| at % 2 == 1)),
        pattern("random, 50 %", random(500)),
        pattern("random, 90 %", random(900)),
        pattern("random, 99 %", random(990)),
        pattern("random, 99.9 %", random(999)),
        pattern("random, 10 %", random(100)),
        // Batches of a hundred, of which every third is still under way.
        pattern(
            "bursts of 100",
            Box::new(|at| at > 0 && !dice(at / 100, 3).is_multiple_of(3)),
        ),
        pattern(
            "bursts of 1,000",
            Box::new(|at| at > 0 && !dice(at / 1_000, 5).is_multiple_of(3)),
        ),
    ]
}

/// The set of a pattern, up to a span.
fn set(pattern: &Pattern, span: u64) -> Finished {
    let mut set = Finished::new(0);
    let mut run = None;
    for at in 0..=span {
        match (at < span && (pattern.finished)(at), run) {
            (true, None) => run = Some(at as i64),
            (false, Some(from)) => {
                set.insert_run(from..at as i64);
                run = None;
            }
            _ => {}
        }
    }
    set
}

/// The longest span for which `fits` holds, and what is finished in it.
fn most(pattern: &Pattern, whole: &Finished, fits: impl Fn(u64) -> bool) -> String {
    let (mut low, mut high) = (0, 1_000);
    while fits(high) {
        if high == SPAN {
            return format!("{} and more", grouped(whole.len()));
        }
        low = high;
        high = (high * 2).min(SPAN);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match fits(middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    grouped((0..low).filter(|at| (pattern.finished)(*at)).count() as u64)
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What Parallel Consumer commits: a byte for the encoding, the encoding, all in base64.
fn base64(bytes: usize) -> usize {
    (1 + bytes).div_ceil(3) * 4
}

/// Its bit sets: the length in two bytes (up to 32,767) or four, a bit an offset, and a byte to spare.
fn bit_set(pattern: &Pattern, span: u64, width: usize) -> Option<Vec<u8>> {
    if width == 2 && span > i16::MAX as u64 {
        return None;
    }
    let mut bytes = span.to_be_bytes()[8 - width..].to_vec();
    let mut bits = vec![0_u8; span.div_ceil(8) as usize + 1];
    for at in (0..span).filter(|at| (pattern.finished)(*at)) {
        bits[(at / 8) as usize] |= 1 << (at % 8);
    }
    bytes.append(&mut bits);
    Some(bytes)
}

/// Its run lengths: unfinished, finished and again, each in two bytes (up to 32,767) or four.
fn run_length(pattern: &Pattern, span: u64, width: usize) -> Option<Vec<u8>> {
    let (mut bytes, mut state, mut run) = (Vec::new(), false, 0_u64);
    for at in 0..=span {
        let finished = at < span && (pattern.finished)(at);
        if at == span || finished != state {
            if width == 2 && run > i16::MAX as u64 {
                return None;
            }
            bytes.extend(&run.to_be_bytes()[8 - width..]);
            (state, run) = (finished, 0);
        }
        run += 1;
    }
    Some(bytes)
}

/// Whether one of its encodings fits, compressed by zstd or not.
fn theirs(
    pattern: &Pattern,
    compressed: bool,
    encode: impl Fn(&Pattern, u64) -> Option<Vec<u8>>,
) -> impl Fn(u64) -> bool {
    move |span| {
        let Some(bytes) = encode(pattern, span) else {
            return false;
        };
        let len = match compressed {
            // Its stream's level.
            true => zstd::bulk::compress(&bytes, 3)
                .expect("it compresses")
                .len(),
            false => bytes.len(),
        };
        base64(len) <= LIMIT
    }
}

#[test]
fn how_many_completions_fit() {
    let mut rows = Vec::new();
    for pattern in patterns() {
        let whole = set(&pattern, SPAN);
        let text = encode(None, None, 0, &whole);
        let found = decode(text.as_bytes(), 0).unwrap().unwrap().finished;
        let ours = match found.len() == whole.len() {
            true => format!("{} and more", grouped(whole.len())),
            false => grouped(found.len()),
        };
        let theirs = [
            most(
                &pattern,
                &whole,
                theirs(&pattern, false, |p, n| bit_set(p, n, 2)),
            ),
            most(
                &pattern,
                &whole,
                theirs(&pattern, false, |p, n| bit_set(p, n, 4)),
            ),
            most(
                &pattern,
                &whole,
                theirs(&pattern, true, |p, n| bit_set(p, n, 4)),
            ),
            most(
                &pattern,
                &whole,
                theirs(&pattern, false, |p, n| run_length(p, n, 2)),
            ),
            most(
                &pattern,
                &whole,
                theirs(&pattern, false, |p, n| run_length(p, n, 4)),
            ),
            most(
                &pattern,
                &whole,
                theirs(&pattern, true, |p, n| run_length(p, n, 4)),
            ),
        ];
        rows.push(format!(
            "| {} | {ours} | {} |",
            pattern.name,
            theirs.join(" | ")
        ));
    }
    let table = rows.join("\n");
    println!("{table}");
}
