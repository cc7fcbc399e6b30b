//! The brand: a user writes `Tracked<A>` and `Done`, the re-emitted signature says `Tracked<'record, A>` and
//! `Done<'record>`, since elision fails beside other references.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{
    AngleBracketedGenericArguments, GenericArgument, GenericParam, Lifetime, LifetimeParam,
    PathArguments, Signature, Type,
};

use crate::symbol::{BRAND, CARRIERS};

/// The signature with every carrier branded, and the brand declared if there is any.
pub(crate) fn brand_signature(signature: &Signature) -> Signature {
    let mut branded = signature.clone();
    let mut brander = Brander {
        name: BRAND,
        found: None,
    };
    for input in &mut branded.inputs {
        brander.visit_fn_arg_mut(input);
    }
    brander.visit_return_type_mut(&mut branded.output);
    if let Some(lifetime) = brander.found {
        let parameter = GenericParam::Lifetime(LifetimeParam::new(lifetime));
        branded.generics.params.insert(0, parameter);
    }
    branded
}

/// A type with every carrier in it branded `'static`, for naming what a stage yields outside of any call.
pub(crate) fn brand_static(ty: &Type) -> Type {
    let mut ty = ty.clone();
    Brander {
        name: "'static",
        found: None,
    }
    .visit_type_mut(&mut ty);
    ty
}

struct Brander {
    name: &'static str,
    /// The first brand that was written, so that it is declared at the same place.
    found: Option<Lifetime>,
}

impl VisitMut for Brander {
    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        visit_mut::visit_type_path_mut(self, path);
        let Some(segment) = path.path.segments.last_mut() else {
            return;
        };
        if !CARRIERS.iter().any(|carrier| segment.ident == carrier) {
            return;
        }
        let span = Span::call_site().located_at(segment.ident.span());
        let brand = Lifetime::new(self.name, span);
        self.found.get_or_insert_with(|| brand.clone());
        match &mut segment.arguments {
            PathArguments::AngleBracketed(arguments) => insert(arguments, brand),
            arguments @ PathArguments::None => {
                // Brackets under the word too: else rustc has no place but `#[pipeline]` for "expected `Done`".
                let angled = syn::parse_quote_spanned!(segment.ident.span()=> <#brand>);
                *arguments = PathArguments::AngleBracketed(angled);
            }
            PathArguments::Parenthesized(_) => {}
        }
    }
}

/// Puts the brand first, in the place of any lifetime that is written: one of the user's own has been refused, and left
/// there it would be told a second time, by rustc.
fn insert(arguments: &mut AngleBracketedGenericArguments, brand: Lifetime) {
    match arguments.args.first_mut() {
        Some(GenericArgument::Lifetime(written)) => *written = brand,
        _ => arguments.args.insert(0, GenericArgument::Lifetime(brand)),
    }
}
