use syn::{Attribute, Meta};

/// The attributes of the function that callers see. Lints are among them: they hold for all that is inside.
const OUTER: [&str; 11] = [
    "allow",
    "cfg",
    "cfg_attr",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "must_use",
    "track_caller",
    "warn",
];

/// Separates what callers see from what belongs to the body, like `#[tracing::instrument]`.
pub(super) fn split(attributes: Vec<Attribute>) -> (Vec<Attribute>, Vec<Attribute>) {
    attributes.into_iter().partition(|attribute| {
        let path = attribute.path();
        let is_lint_of_tool = matches!(&attribute.meta, Meta::Path(path) if path.segments.len() > 1)
            && path.segments[0].ident == "rustfmt";
        is_lint_of_tool || OUTER.iter().any(|outer| path.is_ident(outer))
    })
}
