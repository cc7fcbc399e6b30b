//! Questions about bodies as they are written: statements and chains of calls. Names are in `usage`. Bodies are never parsed, so that
//! half-typed code does no harm: where tokens could mean two things, the answer is the one that accuses nobody.

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};

/// A statement of a block, without its `;`.
pub(crate) struct Statement {
    pub(crate) tokens: Vec<TokenTree>,
    /// It ends in `;`, so its value is thrown away.
    pub(crate) ended: bool,
}

/// What a statement does with the value of its expression.
pub(crate) enum Binding<'t> {
    /// `let name = …`, also with `mut` and with a type.
    Named(&'t Ident),
    /// `let _ = …`, `_ = …`
    Nothing,
    /// None of these: an expression, or a pattern that takes the value apart.
    Other,
}

/// `tokio::spawn(work()).await?`: a path, called or not, and the names after dots.
pub(crate) struct Chain<'t> {
    pub(crate) path: Vec<&'t Ident>,
    pub(crate) called: bool,
    pub(crate) links: Vec<&'t Ident>,
}

/// The statements of a block.
pub(crate) fn statements(block: TokenStream) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut tokens = Vec::new();
    let mut rest = block.into_iter().peekable();
    while let Some(token) = rest.next() {
        let ended = is_sign(&token, ';');
        if !ended {
            tokens.push(token);
        }
        if ended || rest.peek().is_none() || ends_in_block(&tokens, rest.peek()) {
            let tokens = std::mem::take(&mut tokens);
            statements.push(Statement { tokens, ended });
        }
    }
    statements
}

/// Whether a statement ends with the block that was read last.
fn ends_in_block(tokens: &[TokenTree], next: Option<&TokenTree>) -> bool {
    if !tokens.last().is_some_and(is_block) {
        return false;
    }
    match next {
        Some(TokenTree::Ident(next)) => !["else", "in", "as"].iter().any(|word| next == word),
        // `if let Order { id } = …`, `match … { … }.await`, `loop { … };`
        Some(TokenTree::Punct(next)) if "=|.?;,".contains(next.as_char()) => false,
        Some(_) => is_block_like(tokens) || is_item(tokens) || calls_macro(tokens),
        None => true,
    }
}

/// `if … { … }`, `{ … }`, `'outer: loop { … }`.
fn is_block_like(tokens: &[TokenTree]) -> bool {
    const HEADS: &[&str] = &["if", "match", "unsafe", "loop", "while", "for"];
    let tokens = match tokens {
        [tick, TokenTree::Ident(_), colon, rest @ ..]
            if is_sign(tick, '\'') && is_sign(colon, ':') =>
        {
            rest
        }
        all => all,
    };
    match tokens.first() {
        Some(TokenTree::Ident(head)) => HEADS.iter().any(|word| head == word),
        Some(first) => is_block(first),
        None => false,
    }
}

/// `select! { … }`, `tokio::select! { … }`.
fn calls_macro(tokens: &[TokenTree]) -> bool {
    let [path @ .., bang, _] = tokens else {
        return false;
    };
    let plain = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_sign(token, ':');
    is_sign(bang, '!') && path.iter().all(plain)
}

/// A function, a module, an `impl`: what stands in it is run by others, if at all.
pub(crate) fn is_item(tokens: &[TokenTree]) -> bool {
    const ITEMS: &[&str] = &["impl", "trait", "mod", "macro_rules", "struct", "enum"];
    let head = tokens.iter().find_map(|token| match token {
        TokenTree::Ident(word) if word != "pub" && word != "unsafe" => Some(word),
        _ => None,
    });
    // `unsafe fn name`, but not the type `fn(u8)`.
    let declares = tokens
        .windows(2)
        .take_while(|pair| !is_block(&pair[0]))
        .any(|pair| matches!(pair, [TokenTree::Ident(word), TokenTree::Ident(_)] if word == "fn"));
    declares || head.is_some_and(|head| ITEMS.iter().any(|word| head == word))
}

/// Where the value of a statement's expression goes, and the expression.
pub(crate) fn binding(statement: &[TokenTree]) -> (Binding<'_>, &[TokenTree]) {
    let whole = (Binding::Other, statement);
    let (words, declares) = match statement {
        [TokenTree::Ident(word), rest @ ..] if word == "let" => (rest, true),
        all => (all, false),
    };
    let words = match words {
        [TokenTree::Ident(word), rest @ ..] if declares && word == "mut" => rest,
        all => all,
    };
    let [TokenTree::Ident(name), rest @ ..] = words else {
        return whole;
    };
    let Some(expression) = assigned(rest) else {
        return whole;
    };
    match name {
        name if name == "_" => (Binding::Nothing, expression),
        name if declares => (Binding::Named(name), expression),
        _ => whole,
    }
}

/// What comes after `=`, or after `: Type =`.
fn assigned(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    let typed = is_sign(tokens.first()?, ':');
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Punct(sign) = token else {
            if typed {
                continue;
            }
            return None;
        };
        let arrow = index > 0 && is_sign(&tokens[index - 1], '-');
        match sign.as_char() {
            '=' if depth == 0 => {
                return (sign.spacing() == Spacing::Alone).then_some(&tokens[index + 1..]);
            }
            '<' => depth += 1,
            '>' if !arrow => depth -= 1,
            _ if !typed => return None,
            _ => {}
        }
    }
    None
}

/// The tokens as a chain, if they are one and nothing else.
pub(crate) fn chain(tokens: &[TokenTree]) -> Option<Chain<'_>> {
    let mut rest = after_path_sign(tokens);
    let mut path = Vec::new();
    while let [TokenTree::Ident(segment), after @ ..] = rest {
        path.push(segment);
        rest = after_path_sign(after);
        if rest.len() == after.len() {
            break;
        }
    }
    rest = after_generics(rest);
    let (called, mut rest) = after_call(rest);
    let mut links = Vec::new();
    while let [sign, after @ ..] = rest {
        if is_sign(sign, '?') {
            rest = after;
            continue;
        }
        let [TokenTree::Ident(link), after @ ..] = after else {
            return None;
        };
        if !is_sign(sign, '.') {
            return None;
        }
        links.push(link);
        rest = after_call(after_generics(after_path_sign(after))).1;
    }
    let chain = Chain {
        path,
        called,
        links,
    };
    (!chain.path.is_empty()).then_some(chain)
}

fn after_path_sign(tokens: &[TokenTree]) -> &[TokenTree] {
    match tokens {
        [first, second, rest @ ..] if is_sign(first, ':') && is_sign(second, ':') => rest,
        all => all,
    }
}

/// After `<…>` of a turbofish.
fn after_generics(tokens: &[TokenTree]) -> &[TokenTree] {
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate() {
        let arrow = index > 0 && is_sign(&tokens[index - 1], '-');
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '<' => depth += 1,
            TokenTree::Punct(sign) if sign.as_char() == '>' && !arrow => depth -= 1,
            _ => {}
        }
        if depth <= 0 {
            return if index == 0 {
                tokens
            } else {
                &tokens[index + 1..]
            };
        }
    }
    tokens
}

fn after_call(tokens: &[TokenTree]) -> (bool, &[TokenTree]) {
    match tokens {
        [TokenTree::Group(arguments), rest @ ..]
            if arguments.delimiter() == Delimiter::Parenthesis =>
        {
            (true, rest)
        }
        all => (false, all),
    }
}

/// The parts between commas.
pub(crate) fn parts(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let parts = tokens.split(|token| is_sign(token, ','));
    parts.map(<[TokenTree]>::to_vec).collect()
}

pub(crate) fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

pub(crate) fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
