use std::fmt;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// `POST /apps/{app}/machines`
    Create,
    /// `GET /apps/{app}/machines`
    List,
    /// `GET …/machines/{id}`
    Get,
    /// `GET …/{id}/wait`
    Wait,
    /// `POST …/{id}/start`
    Start,
    /// `POST …/{id}/stop`
    Stop,
    /// `DELETE …/{id}`
    Destroy,
    /// `GET …/{id}/lease`
    GetLease,
    /// `POST …/{id}/lease`
    AcquireLease,
    /// `DELETE …/{id}/lease`
    ReleaseLease,
    /// `GET …/{id}/events`
    Events,
    /// `GET …/{id}/metadata`
    GetMetadata,
    /// `PUT` and `PATCH …/{id}/metadata`
    PatchMetadata,
    /// `GET …/{id}/metadata/{key}`
    GetMetadataKey,
    /// `POST …/{id}/metadata/{key}`
    SetMetadataKey,
    /// `DELETE …/{id}/metadata/{key}`
    RemoveMetadataKey,
    /// `GET /apps/{app}`
    App,
    /// `GET /orgs/{org}/machines`
    OrgMachines,
    /// `POST /platform/placements`
    Placements,
    /// `GET /platform/regions`
    Regions,
    /// A route that the real API has and this one does not.
    NotModeled,
    /// No route at all.
    Unknown,
}

/// What a request is about: the parts of its path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Target {
    pub(crate) app: Option<String>,
    pub(crate) org: Option<String>,
    pub(crate) machine: Option<String>,
    pub(crate) key: Option<String>,
}

/// What else the real API has below a machine.
const NOT_MODELED: &[&str] = &[
    "cordon", "exec", "memory", "ps", "restart", "signal", "suspend", "uncordon", "versions",
];
/// What else the real API has.
const NOT_MODELED_AT_ALL: &[&str] = &["apps", "orgs", "platform", "tokens"];

impl Route {
    /// Its name in journals and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::List => "list",
            Self::Get => "get",
            Self::Wait => "wait",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Destroy => "destroy",
            Self::GetLease => "get-lease",
            Self::AcquireLease => "acquire-lease",
            Self::ReleaseLease => "release-lease",
            Self::Events => "events",
            Self::GetMetadata => "get-metadata",
            Self::PatchMetadata => "patch-metadata",
            Self::GetMetadataKey => "get-metadata-key",
            Self::SetMetadataKey => "set-metadata-key",
            Self::RemoveMetadataKey => "remove-metadata-key",
            Self::App => "app",
            Self::OrgMachines => "org-machines",
            Self::Placements => "placements",
            Self::Regions => "regions",
            Self::NotModeled => "not-modeled",
            Self::Unknown => "unknown",
        }
    }

    /// The route of a request, and what it is about. Its path is decoded part by part.
    pub(crate) fn of(method: &str, path: &str) -> (Self, Target) {
        let parts: Vec<String> = path.split('/').skip(1).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let mut target = Target::default();
        let ["v1", rest @ ..] = parts.as_slice() else {
            return (Self::Unknown, target);
        };
        let route = match rest {
            ["apps", app, below @ ..] => {
                target.app = Some((*app).to_owned());
                Self::of_app(method, below, &mut target)
            }
            ["orgs", org, "machines"] if method == "GET" => {
                target.org = Some((*org).to_owned());
                Self::OrgMachines
            }
            ["platform", "regions"] if method == "GET" => Self::Regions,
            ["platform", "placements"] if method == "POST" => Self::Placements,
            [first, ..] if NOT_MODELED_AT_ALL.contains(first) => Self::NotModeled,
            _ => Self::Unknown,
        };
        (route, target)
    }

    fn of_app(method: &str, below: &[&str], target: &mut Target) -> Self {
        match (method, below) {
            ("GET", []) => Self::App,
            ("POST", ["machines"]) => Self::Create,
            ("GET", ["machines"]) => Self::List,
            (_, ["machines", machine, below @ ..]) => {
                target.machine = Some((*machine).to_owned());
                Self::of_machine(method, below, target)
            }
            _ => Self::NotModeled,
        }
    }

    fn of_machine(method: &str, below: &[&str], target: &mut Target) -> Self {
        if let ["metadata", key] = below {
            target.key = Some((*key).to_owned());
        }
        match (method, below) {
            ("GET", []) => Self::Get,
            ("DELETE", []) => Self::Destroy,
            ("GET", ["wait"]) => Self::Wait,
            ("POST", ["start"]) => Self::Start,
            ("POST", ["stop"]) => Self::Stop,
            ("GET", ["lease"]) => Self::GetLease,
            ("POST", ["lease"]) => Self::AcquireLease,
            ("DELETE", ["lease"]) => Self::ReleaseLease,
            ("GET", ["events"]) => Self::Events,
            ("GET", ["metadata"]) => Self::GetMetadata,
            ("PUT" | "PATCH", ["metadata"]) => Self::PatchMetadata,
            ("GET", ["metadata", _]) => Self::GetMetadataKey,
            ("POST", ["metadata", _]) => Self::SetMetadataKey,
            ("DELETE", ["metadata", _]) => Self::RemoveMetadataKey,
            (_, []) => Self::NotModeled,
            (_, [first, ..]) if NOT_MODELED.contains(first) => Self::NotModeled,
            _ => Self::Unknown,
        }
    }

    /// The type of its body in the table of requests.
    pub(crate) fn body(self) -> Option<&'static str> {
        match self {
            Self::Create => Some("CreateMachineRequest"),
            Self::Stop => Some("StopRequest"),
            Self::AcquireLease => Some("CreateLeaseRequest"),
            Self::PatchMetadata => Some("updateMetadataRequest"),
            Self::SetMetadataKey => Some("upsertMetadataKeyRequest"),
            Self::Placements => Some("getPlacementsRequest"),
            Self::List
            | Self::Get
            | Self::Wait
            | Self::Start
            | Self::Destroy
            | Self::GetLease
            | Self::ReleaseLease
            | Self::Events
            | Self::GetMetadata
            | Self::GetMetadataKey
            | Self::RemoveMetadataKey
            | Self::App
            | Self::OrgMachines
            | Self::Regions
            | Self::NotModeled
            | Self::Unknown => None,
        }
    }

    /// Whether it has to have a body.
    pub(crate) fn needs_a_body(self) -> bool {
        matches!(
            self,
            Self::Create | Self::PatchMetadata | Self::SetMetadataKey | Self::Placements
        )
    }

    /// The names that its query may have; one that ends in a dot may go on.
    pub(crate) fn query(self) -> &'static [&'static str] {
        match self {
            Self::List => &[
                "include_deleted",
                "include_leases",
                "metadata.",
                "region",
                "state",
                "summary",
            ],
            Self::Get => &["include_leases"],
            Self::Wait => &[
                "from_event_id",
                "instance_id",
                "state",
                "timeout",
                "version",
            ],
            Self::Destroy => &["force", "kill"],
            Self::Events => &["limit"],
            Self::AcquireLease => &["ttl"],
            Self::OrgMachines => &[
                "cursor",
                "include_deleted",
                "limit",
                "region",
                "state",
                "summary",
                "updated_after",
            ],
            Self::Create
            | Self::Start
            | Self::Stop
            | Self::GetLease
            | Self::ReleaseLease
            | Self::GetMetadata
            | Self::PatchMetadata
            | Self::GetMetadataKey
            | Self::SetMetadataKey
            | Self::RemoveMetadataKey
            | Self::App
            | Self::Placements
            | Self::Regions
            | Self::NotModeled
            | Self::Unknown => &[],
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A part of a path. A plus sign means itself there.
fn decoded(part: &str) -> String {
    let query = format!("x={}", part.replace('+', "%2B"));
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_where_the_real_ones_lead() {
        let route = |method, path| Route::of(method, path).0;
        assert_eq!(route("POST", "/v1/apps/a/machines"), Route::Create);
        assert_eq!(route("GET", "/v1/apps/a/machines/m/wait"), Route::Wait);
        assert_eq!(route("POST", "/v1/apps/a/machines/m"), Route::NotModeled);
        assert_eq!(
            route("POST", "/v1/apps/a/machines/m/exec"),
            Route::NotModeled
        );
        assert_eq!(route("GET", "/v1/apps/a/secrets"), Route::NotModeled);
        assert_eq!(route("GET", "/v2/apps/a/machines"), Route::Unknown);
        assert_eq!(route("GET", "/apps/a/machines"), Route::Unknown);
    }

    #[test]
    fn parts_of_a_path_are_decoded() {
        let (_, target) = Route::of("GET", "/v1/apps/a%2Db/machines/m/metadata/k%2Fk+k");
        assert_eq!(target.app.as_deref(), Some("a-b"));
        assert_eq!(target.key.as_deref(), Some("k/k+k"));
    }
}
