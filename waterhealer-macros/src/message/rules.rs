//! The catalogue as the guide and `explain` tell it: in general, with no word filled in. A module for each page that there
//! is, with its head, and all rules as data. The pages themselves are the guide's.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, LitStr, Result, Token};

use super::{Message, every};

/// The pages that there are: `WH0001, WH0002, …`, each in a file of its own.
pub(crate) struct Pages(Punctuated<Page, Token![,]>);

/// `WH0038 = "the function cannot be read"`: the title is for messages whose whole headline is filled in.
struct Page {
    code: Ident,
    title: Option<LitStr>,
}

/// What a message says when no word is filled in. Empty where nothing is left of it.
#[derive(Debug, PartialEq, Eq)]
struct General {
    headline: String,
    why: String,
    instead: String,
}

impl Parse for Pages {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        input.parse_terminated(Page::parse, Token![,]).map(Self)
    }
}

impl Parse for Page {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let code = input.parse()?;
        let title = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Page { code, title })
    }
}

/// The modules, and `ALL`, which has the rules without a page, too.
pub(crate) fn expand_rules(pages: &Pages) -> Result<TokenStream> {
    check_codes(pages)?;
    let mut modules = Vec::new();
    let mut rules = Vec::new();
    for message in every() {
        let code = message.code;
        let General {
            mut headline,
            why,
            instead,
        } = in_general(message);
        let page = pages.0.iter().find(|page| page.code == code);
        if let Some(page) = page {
            match &page.title {
                Some(title) if headline.is_empty() => headline = title.value(),
                None if !headline.is_empty() => {}
                _ => {
                    let text = "a title is for rules whose whole headline is filled in";
                    return Err(Error::new(page.code.span(), text));
                }
            }
        }
        let file = format!("{code}.md");
        let text = match page {
            Some(_) => quote!(include_str!(#file)),
            None => quote!(""),
        };
        modules.extend(page.map(|page| {
            let (name, head) = (&page.code, head(&headline, &why, &instead));
            quote! {
                #[allow(non_snake_case)]
                #[doc = #head]
                #[doc = #text]
                pub mod #name {}
            }
        }));
        rules.push(quote! {
            ::waterhealer_runtime::private::Rule {
                code: #code,
                headline: #headline,
                why: #why,
                instead: #instead,
                page: #text,
            }
        });
    }
    Ok(quote! {
        #(#modules)*

        /// Every rule, in the order of the codes.
        #[doc(hidden)]
        pub static ALL: &[::waterhealer_runtime::private::Rule] = &[#(#rules),*];
    })
}

/// A page is for a code of the catalogue, and there is one of it.
fn check_codes(pages: &Pages) -> Result<()> {
    for (index, page) in pages.0.iter().enumerate() {
        let twice = pages
            .0
            .iter()
            .take(index)
            .any(|other| other.code == page.code);
        let problem = match every().any(|message| page.code == message.code) {
            true if twice => "this code is listed twice",
            true => continue,
            false => "the catalogue has no such code",
        };
        return Err(Error::new(page.code.span(), problem));
    }
    Ok(())
}

/// What stands above the page: the labels are those of the compiler's message.
fn head(headline: &str, why: &str, instead: &str) -> String {
    let mut text = format!("{headline}\n\n");
    for (label, said) in [("why", why), ("help", instead)] {
        if !said.is_empty() {
            text += &format!("**{label}:** {said}\n\n");
        }
    }
    text
}

fn in_general(message: &Message) -> General {
    General {
        headline: unfilled(message.headline),
        why: unfilled(message.why),
        instead: unfilled(message.instead),
    }
}

/// The text with `‹word›` for `{word}`. A word at the very end that only adds something, after a colon or with no space
/// before it, is left out; so nothing is left of a text that is one word.
fn unfilled(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, word, after)) = next_word(rest) {
        out += before;
        rest = after;
        let adds = out.ends_with(": ") || !out.ends_with(' ');
        if rest.is_empty() && adds {
            out.truncate(out.trim_end_matches(": ").len());
        } else {
            out += &format!("‹{}›", shown(word));
        }
    }
    out + rest
}

/// A word as it is shown: some stand for a part of a sentence, some are names of the checks.
fn shown(word: &str) -> &str {
    match word {
        "ty" => "type",
        "word" => "attribute",
        "wanted" | "problem" => "…",
        word => word,
    }
}

/// What stands before the first `{word}`, the word, and what stands after it.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let inside = &text[open + 1..];
        let length = inside
            .bytes()
            .take_while(|byte| byte.is_ascii_lowercase())
            .count();
        if length > 0 && inside[length..].starts_with('}') {
            return Some((&text[..open], &inside[..length], &inside[length + 1..]));
        }
        from = open + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_as_words() {
        for (text, expected) in [
            ("nothing feeds `{node}`", "nothing feeds `‹node›`"),
            ("`#[{word}]` gives {wanted}", "`#[‹attribute›]` gives ‹…›"),
            ("write `mod {name} { … }`", "write `mod ‹name› { … }`"),
            ("write `fn name() { … }`", "write `fn name() { … }`"),
        ] {
            assert_eq!(unfilled(text), expected);
        }
    }

    #[test]
    fn words_that_only_add_something_are_left_out() {
        for (text, expected) in [
            (
                "say what: `#[{word}(from = …)]`{nodes}",
                "say what: `#[‹attribute›(from = …)]`",
            ),
            ("`{node}` feeds itself: {path}", "`‹node›` feeds itself"),
            ("{error}", ""),
        ] {
            assert_eq!(unfilled(text), expected);
        }
    }

    #[test]
    fn a_page_is_for_a_code_that_there_is() {
        for (pages, expected) in [
            ("WH0001, WH0001", "listed twice"),
            ("WH9999", "no such code"),
            ("WH0001 = \"a title\"", "a title is for"),
            ("WH0038", "a title is for"),
        ] {
            let pages: Pages = syn::parse_str(pages).expect("it is a list");
            let error = expand_rules(&pages).err().map(|error| error.to_string());
            assert!(
                error.as_ref().is_some_and(|error| error.contains(expected)),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_rule_without_a_page_is_still_a_rule() {
        let pages: Pages = syn::parse_str("WH0002").expect("it is a list");
        let tokens = expand_rules(&pages).expect("it is a code").to_string();
        assert!(tokens.contains("\"WH0001\""), "{tokens}");
        assert!(tokens.contains("pub mod WH0002") && !tokens.contains("pub mod WH0001"));
    }
}
