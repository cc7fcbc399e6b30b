//! `auto_shutdown(graceful_offset = "90m", auto_expired = "3h")`: the watchdogs that ask for a restart. What the names mean is
//! the runtime's.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{LitInt, LitStr};

use super::option::{Slot, Value, Written, parse_options};
use super::value::{duration_of, parse_flag, parse_truth, parse_value};
use crate::diag::Diagnostics;
use crate::message::attribute as message;
use crate::suggest;
use crate::symbol::Word;

/// What `auto_shutdown` says, as the configuration's names and texts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Watchdogs {
    pub(crate) settings: Vec<(&'static str, String)>,
}

/// An option: as it is written, as the configuration has it, and how its value is read.
struct Row {
    name: &'static str,
    setting: &'static str,
    read: fn(&Written, &Diagnostics) -> Option<String>,
}

const ROWS: &[Row] = &[
    Row {
        name: "defaults",
        setting: "auto_shutdown",
        read: |written, diag| parse_flag(written, diag).map(|()| "true".to_owned()),
    },
    Row {
        name: "got_error",
        setting: "auto_shutdown_got_error",
        read: |written, diag| parse_truth(written, diag).map(|truth| truth.to_string()),
    },
    Row {
        name: "graceful_offset",
        setting: "auto_shutdown_graceful_offset",
        read: parse_limit,
    },
    Row {
        name: "when_idle",
        setting: "auto_shutdown_when_idle",
        read: |written, diag| parse_truth(written, diag).map(|truth| truth.to_string()),
    },
    Row {
        name: "graceful_polling",
        setting: "auto_shutdown_graceful_polling",
        read: parse_limit,
    },
    Row {
        name: "brokers_away",
        setting: "auto_shutdown_brokers_away",
        read: parse_limit,
    },
    Row {
        name: "auto_expired",
        setting: "auto_shutdown_auto_expired",
        read: parse_limit,
    },
    Row {
        name: "max_total_commit",
        setting: "auto_shutdown_max_total_commit",
        read: parse_number,
    },
    Row {
        name: "interval",
        setting: "auto_shutdown_interval",
        read: |written, diag| match zero(written) {
            true => refuse_limit(written, diag),
            false => parse_limit(written, diag),
        },
    },
    Row {
        name: "sleep_before_shutdown",
        setting: "auto_shutdown_sleep_before_shutdown",
        read: parse_limit,
    },
];

/// Reads the option: alone it asks for all watchdogs that have a default.
pub(crate) fn parse_watchdogs(written: &Written, diag: &Diagnostics) -> Option<Watchdogs> {
    match &written.value {
        Value::Nothing => Some(Watchdogs {
            settings: vec![("auto_shutdown", "true".to_owned())],
        }),
        Value::List(tokens) if !tokens.is_empty() => Some(parse_list(tokens.clone(), diag)),
        Value::List(_) | Value::Is(_) => {
            written.refuse(
                diag,
                "watchdogs in parentheses, or nothing, which asks for all of them",
                "auto_shutdown(graceful_offset = \"90m\")",
            );
            None
        }
    }
}

fn parse_list(tokens: TokenStream, diag: &Diagnostics) -> Watchdogs {
    let mut slots: Vec<Slot<String>> = ROWS.iter().map(|_| Slot::default()).collect();
    for option in parse_options(Word::Pipeline, tokens, diag).list {
        let name = option.name.unraw().to_string();
        match ROWS.iter().position(|row| row.name == name) {
            Some(at) => slots[at].fill(&option, diag, ROWS[at].read),
            None => report_unknown(&name, &option, diag),
        }
    }
    let given = ROWS.iter().zip(&slots);
    Watchdogs {
        settings: given
            .filter_map(|(row, slot)| Some((row.setting, slot.value()?.clone())))
            .collect(),
    }
}

fn report_unknown(name: &str, option: &Written, diag: &Diagnostics) {
    let names = || ROWS.iter().map(|row| row.name);
    let instead = match suggest::nearest(name, names()) {
        // Its name in the Python library, whose work was done by Dask.
        None if name == "got_dask" => {
            "there is no Dask here: `brokers_away = \"5m\"` watches the brokers".to_owned()
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", suggest::listed(names())),
    };
    diag.report(
        &message::OPERATOR_OPTION,
        &option.name,
        &[
            ("operator", &"auto_shutdown"),
            ("option", &name),
            ("instead", &instead),
        ],
    );
}

/// `graceful_offset = "90m"`, or `5400`, which are seconds; `0` turns it off.
fn parse_limit(written: &Written, diag: &Diagnostics) -> Option<String> {
    let text = parse_value::<LitStr>(written).map(|text| text.value());
    let text = text.filter(|text| duration_of(text).is_some());
    let seconds = || {
        let number = parse_value::<LitInt>(written)?;
        number
            .base10_parse::<u32>()
            .ok()
            .map(|seconds| seconds.to_string())
    };
    text.or_else(seconds)
        .or_else(|| refuse_limit(written, diag))
}

fn refuse_limit(written: &Written, diag: &Diagnostics) -> Option<String> {
    let off = match written.name == "interval" {
        true => "",
        false => ", of which 0 turns it off",
    };
    let wanted = format!(
        "a duration in quotes, a number and one of `ms`, `s`, `m`, `h`, or a number of seconds{off}"
    );
    written.refuse(diag, &wanted, &format!("{} = \"90m\"", written.name));
    None
}

/// `max_total_commit = 10_000`; `0` turns it off.
fn parse_number(written: &Written, diag: &Diagnostics) -> Option<String> {
    let number = parse_value::<LitInt>(written);
    let number = number.and_then(|number| number.base10_parse::<u64>().ok());
    if number.is_none() {
        let wanted = "a whole number, of which 0 turns it off";
        written.refuse(diag, wanted, &format!("{} = 10_000", written.name));
    }
    number.map(|number| number.to_string())
}

fn zero(written: &Written) -> bool {
    let number =
        parse_value::<LitInt>(written).and_then(|number| number.base10_parse::<u64>().ok());
    number == Some(0)
}
