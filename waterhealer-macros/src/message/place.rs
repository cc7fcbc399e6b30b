//! Messages about where an attribute stands. From WH0080.

super::catalogue! {
    OUTSIDE = "WH0080" {
        "`#[{word}]` does nothing outside a pipeline",
        why: "the function would never be called: `#[pipeline]` sees only the functions written directly in its module, under the attribute's own name",
        instead: "put it directly into `#[pipeline(group = \"…\")] mod name { … }`, not into an inner module, an `impl`, a macro or `cfg_attr`"
    }
    NOT_A_MODULE = "WH0081" {
        "`#[pipeline]` belongs on a module",
        why: "a pipeline is the functions of one module",
        instead: "write `#[pipeline(group = \"…\")] mod name { … }` around the functions"
    }
    NOT_INLINE = "WH0082" {
        "`#[pipeline]` needs the module's contents here",
        why: "the language shows a macro only what is written between the braces",
        instead: "write `#[pipeline(group = \"…\")] mod {name} { … }`; the functions' helpers may stay in files of their own"
    }
}
