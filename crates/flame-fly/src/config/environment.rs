use figment::Figment;
use figment::providers::Serialized;
use serde::Serialize;

/// A variable of this process, if it is set to something.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What Fly tells every machine about itself, and people tell tools about Fly. It has no `Debug`, because of the
/// token.
#[derive(Serialize)]
struct OnFly {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_app: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_machine: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_ip: Option<String>,
}

/// The lowest layer: the variables that are there on Fly.
pub(super) fn layer(section: &str) -> Figment {
    let on_fly = OnFly {
        token: environment("FLY_API_TOKEN"),
        app: environment("FLY_APP_NAME"),
        image: environment("FLY_IMAGE_REF"),
        region: environment("FLY_REGION"),
        host: environment("FLY_FLAPS_BASE_URL").or_else(|| environment("FLY_API_HOSTNAME")),
        parent_app: environment("FLY_APP_NAME"),
        parent_machine: environment("FLY_MACHINE_ID"),
        parent_ip: environment("FLY_PRIVATE_IP"),
    };
    Figment::from(Serialized::default(section, on_fly))
}
