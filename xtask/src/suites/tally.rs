//! Counts of tests, read from what cargo, the test harness and trybuild print. No I/O.

/// What a suite's output says about its tests so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) ignored: u64,
    /// Programs that trybuild compiled, as one test or a few.
    pub(super) programs: u64,
    /// Names of what failed, tests and programs.
    pub(super) failures: Vec<String>,
    /// The last line, as long as its end has not come.
    pub(super) unfinished: Vec<u8>,
}

impl Tally {
    /// Takes the next piece of output; lines may be cut anywhere.
    pub(super) fn feed(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.unfinished.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.unfinished);
                self.line(&without_colours(&String::from_utf8_lossy(&line)));
            }
        }
    }

    /// Whether any test ran.
    pub(super) fn any(&self) -> bool {
        self.passed + self.failed > 0
    }

    fn line(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.counts(counts);
        } else if let Some((name, outcome)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... "))
        {
            self.test(name, outcome);
        }
    }

    /// `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`
    fn counts(&mut self, counts: &str) {
        for count in counts.split(['.', ';']) {
            let mut words = count.split_whitespace();
            let (Some(Ok(number)), Some(word)) =
                (words.next().map(str::parse::<u64>), words.next())
            else {
                continue;
            };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// A test of the harness ends in `ok`, `FAILED` or `ignored`; a program of trybuild is named by its file and ends in
    /// `ok`, `mismatch`, `error` or `wip`.
    fn test(&mut self, name: &str, outcome: &str) {
        let program = name
            .split(" [should ")
            .next()
            .filter(|name| name.ends_with(".rs"));
        self.programs += u64::from(program.is_some());
        match program {
            Some(file) if outcome != "ok" => self.failures.push(file.into()),
            None if outcome == "FAILED" => self.failures.push(name.into()),
            _ => {}
        }
    }
}

/// The text without the terminal's escape sequences for colour and weight.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let plain = pieces.next().unwrap_or_default().to_string();
    pieces.fold(plain, |plain, piece| {
        let rest = piece
            .split_once(|letter: char| letter.is_ascii_alphabetic())
            .map_or("", |(_, rest)| rest);
        plain + rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
     Running unittests src/lib.rs (target/debug/deps/waterhealer_runtime-0)

running 3 tests
test ledger::settles ... ok
test ledger::splits ... FAILED
test slow ... ignored, needs an hour

failures:

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s

   Doc-tests waterhealer
test waterhealer/src/lib.rs - (line 12) ... ok
test waterhealer/src/guide.rs - guide (line 3) - compile ... FAILED
test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
";

    fn tally(output: &str) -> Tally {
        let mut tally = Tally::default();
        tally.feed(output.as_bytes());
        tally
    }

    #[test]
    fn results_are_summed_over_binaries() {
        let tally = tally(OUTPUT);
        assert_eq!(
            (tally.passed, tally.failed, tally.ignored, tally.programs),
            (2, 2, 1, 0)
        );
        assert_eq!(
            tally.failures,
            [
                "ledger::splits",
                "waterhealer/src/guide.rs - guide (line 3) - compile"
            ]
        );
        assert!(tally.any());
    }

    #[test]
    fn pieces_may_end_anywhere() {
        let mut cut = Tally::default();
        OUTPUT
            .as_bytes()
            .chunks(7)
            .for_each(|piece| cut.feed(piece));
        assert_eq!(cut, tally(OUTPUT));
    }

    #[test]
    fn programs_of_trybuild_are_counted_apart_and_through_colours() {
        let tally = tally(concat!(
            "test \x1b[0m\x1b[1mtests/ui/refused/dropped.rs\x1b[0m [should fail to compile] ... \x1b[0m\x1b[32mok\n",
            "\x1b[0mtest \x1b[0m\x1b[1mtests/ui/refused/sent.rs\x1b[0m [should fail to compile] ... \x1b[1m\x1b[31mmismatch\n",
            "test tests/ui/accepted/chain.rs ... ok\n",
            "test refused ... ok\n",
            "test result: \x1b[32mok\x1b[m. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.0s\n",
        ));
        assert_eq!((tally.passed, tally.failed, tally.programs), (1, 0, 3));
        assert_eq!(tally.failures, ["tests/ui/refused/sent.rs"]);
    }

    #[test]
    fn nothing_run_is_seen() {
        let tally = tally(
            "running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out\n",
        );
        assert!(!tally.any());
    }
}
