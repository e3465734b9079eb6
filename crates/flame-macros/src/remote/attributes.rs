use syn::Attribute;

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
        OUTER.iter().any(|outer| path.is_ident(outer))
    })
}
