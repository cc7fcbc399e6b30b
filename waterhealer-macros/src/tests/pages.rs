//! The guide's pages about rules: each refused program is refused with the page's code and no other, each mended one with
//! none. So are the examples of the operators and of the page about coverage. rustdoc checks what is left: that the one does not compile and the other does.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use waterhealer::guide::rules::ALL;

use super::{messages, tokens};
use crate::operator::{OPERATORS, page};

/// What the macro does not tell: rustc does, by the runtime's traits, or an attribute that is left over. Here rustdoc alone
/// shows that the program is refused.
const TOLD_LATER: &[&str] = &["WH0006", "WH0007", "WH0008", "WH0080", "WH0109", "WH0126"];

#[test]
fn each_page_shows_its_own_code() {
    let mut findings = Vec::new();
    for rule in ALL.iter().filter(|rule| !rule.page.is_empty()) {
        let [refused, mended] = programs(rule.page).map(|program| codes(&program));
        let told_here = !TOLD_LATER.contains(&rule.code);
        let expected: &[&str] = if told_here { &[rule.code] } else { &[] };
        if refused != expected || !mended.is_empty() {
            findings.push((rule.code, refused, mended));
        }
    }
    assert!(
        findings.is_empty(),
        "a page, with what its programs are refused for: {findings:#?}"
    );
}

#[test]
fn each_operator_shows_a_program_that_is_accepted() {
    let mut findings = Vec::new();
    for operator in OPERATORS {
        let program = shown(&page::program(operator));
        let refused = codes(&program);
        if !refused.is_empty() || !program.contains(operator.example) {
            findings.push((operator.name, refused));
        }
    }
    assert!(findings.is_empty(), "an operator's example: {findings:#?}");
}

#[test]
fn the_coverage_page_is_refused_where_it_says_so() {
    let page = include_str!("../../../waterhealer/src/guide/coverage.md");
    let mut said = Vec::new();
    for block in page.split("\n```").skip(1).step_by(2) {
        let (fence, code) = block.split_once('\n').expect("a program has lines");
        let code = shown(code);
        let expected = code
            .strip_prefix("// ")
            .and_then(|rest| rest.lines().next());
        assert_eq!(fence == "compile_fail", expected.is_some(), "{code}");
        assert_eq!(codes(&code), Vec::from_iter(expected), "{code}");
        said.extend(expected.map(str::to_owned));
    }
    assert_eq!(said, ["WH0100", "WH0101", "WH0102", "WH0103"]);
}

/// The two programs of a page, with the lines that rustdoc hides.
fn programs(page: &str) -> [String; 2] {
    let blocks: Vec<&str> = page.split("\n```").collect();
    let [_, refused, _, mended, _] = blocks.as_slice() else {
        panic!("a page is prose, a program, prose, a program: {page}");
    };
    [refused, mended].map(|block| {
        // The rest of the fence's line is not code.
        shown(block.split_once('\n').map_or("", |(_, code)| code))
    })
}

/// A program with the lines that rustdoc hides.
fn shown(program: &str) -> String {
    let lines = program.lines();
    let lines = lines.map(|line| line.strip_prefix("# ").unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The codes that `#[pipeline]` reports for a program.
fn codes(program: &str) -> Vec<&'static str> {
    let (options, item) = pipeline(tokens(program));
    let found = messages(&options.to_string(), &item.to_string());
    let mut codes: Vec<_> = found.into_iter().map(|(code, ..)| code).collect();
    codes.dedup();
    codes
}

/// The options of `#[pipeline(…)]`, and the item under it.
fn pipeline(program: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = program.into_iter();
    let options = tokens.by_ref().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            let mut inside = group.stream().into_iter();
            let named = inside.next()?.to_string() == "pipeline";
            named.then_some(inside.next()?)
        }
        _ => None,
    });
    let Some(TokenTree::Group(options)) = options else {
        panic!("a page shows a pipeline");
    };
    let mut item = Vec::new();
    for token in tokens {
        let last = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        item.push(token);
        if last {
            break;
        }
    }
    (options.stream(), item.into_iter().collect())
}
