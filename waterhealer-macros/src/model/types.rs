//! Questions about types as they are written. What a name stands for is rustc's to know.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{GenericArgument, Lifetime, PathArguments, PathSegment, Type, TypeParamBound};

use super::text::text;

/// The type without parentheses and without the invisible groups that `macro_rules` leaves behind.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        other => other,
    }
}

/// `Result<T, E>` of `std::io::Result<T, E>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// `T` of `Result<T, E>`.
pub(crate) fn first_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// `X` of `impl Future<Output = X> + Send`.
pub(crate) fn bound_item<'t>(ty: &'t Type, traits: &[&str], item: &str) -> Option<&'t Type> {
    let Type::ImplTrait(impl_trait) = peel(ty) else {
        return None;
    };
    let segments = impl_trait.bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    });
    let segment = segments
        .into_iter()
        .find(|segment| traits.iter().any(|name| segment.ident == name))?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == item => Some(&assoc.ty),
        _ => None,
    })
}

/// Whether a path that ends in `name` stands anywhere in the type.
pub(crate) fn mentions(ty: &Type, name: &str) -> bool {
    struct Search<'n>(&'n str, bool);
    impl<'ast> Visit<'ast> for Search<'_> {
        fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
            self.1 |= path
                .path
                .segments
                .last()
                .is_some_and(|segment| segment.ident == self.0);
            visit::visit_type_path(self, path);
        }
    }
    let mut search = Search(name, false);
    search.visit_type(ty);
    search.1
}

/// Whether `Rows<…>` stands anywhere in the type. A type of the user's that is called so has mostly no argument.
pub(crate) fn has_rows(ty: &Type) -> bool {
    struct Search(bool);
    impl<'ast> Visit<'ast> for Search {
        fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
            self.0 |= segment.ident == crate::symbol::ROWS && first_argument(segment).is_some();
            visit::visit_path_segment(self, segment);
        }
    }
    let mut search = Search(false);
    search.visit_type(ty);
    search.0
}

/// Whether `impl Trait` stands anywhere in the type.
pub(crate) fn has_impl(ty: &Type) -> bool {
    struct Search(bool);
    impl<'ast> Visit<'ast> for Search {
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut search = Search(false);
    search.visit_type(ty);
    search.0
}

/// Whether the type borrows: a reference or a lifetime other than `'static`, but for those of function types.
pub(crate) fn borrows(ty: &Type) -> bool {
    struct Search(bool);
    impl<'ast> Visit<'ast> for Search {
        fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
            self.0 |= reference.lifetime.is_none();
            visit::visit_type_reference(self, reference);
        }
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            self.0 |= lifetime.ident != "static";
        }
        // `fn(&str)` and `dyn Fn(&str)` own what they own: their references belong to the call.
        fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments(
            &mut self,
            _: &'ast syn::ParenthesizedGenericArguments,
        ) {
        }
        fn visit_bound_lifetimes(&mut self, _: &'ast syn::BoundLifetimes) {}
    }
    let mut search = Search(false);
    search.visit_type(ty);
    search.0
}

/// Whether the reference is for ever.
pub(crate) fn is_static(reference: &syn::TypeReference) -> bool {
    reference
        .lifetime
        .as_ref()
        .is_some_and(|lifetime| lifetime.ident == "static")
}

/// What to write for a type that is known to have no size: `String` for `str`, a box for `dyn Shape`, with `bounds` that
/// it needs.
pub(crate) fn sized_instead(ty: &Type, bounds: &str) -> Option<String> {
    match peel(ty) {
        Type::Slice(slice) => Some(format!("Vec<{}>", text(slice.elem.to_token_stream()))),
        Type::TraitObject(object) => {
            let written = text(object.to_token_stream());
            let bounds = if written.contains("Sync") { "" } else { bounds };
            Some(format!("Box<{written}{bounds}>"))
        }
        Type::Path(path) if path.path.is_ident("str") => Some("String".to_owned()),
        _ => None,
    }
}

/// The first lifetime that a user wrote on a carrier; `'_` is as good as none.
pub(crate) fn written_brand(ty: &Type) -> Option<Lifetime> {
    struct Search(Option<Lifetime>);
    impl<'ast> Visit<'ast> for Search {
        fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
            let ours = crate::symbol::CARRIERS
                .iter()
                .any(|carrier| segment.ident == carrier);
            if let (true, PathArguments::AngleBracketed(arguments)) = (ours, &segment.arguments)
                && let Some(GenericArgument::Lifetime(lifetime)) = arguments.args.first()
                && lifetime.ident != "_"
                && lifetime.to_string() != crate::symbol::BRAND
            {
                self.0.get_or_insert(lifetime.clone());
            }
            visit::visit_path_segment(self, segment);
        }
    }
    let mut search = Search(None);
    search.visit_type(ty);
    search.0
}
