//! Stands in for the [Fly Machines API](https://fly.io/docs/machines/api/), for tests.
//!
//! An [`Emulator`] answers on a socket of this host as the published schema, recorded answers and the vendor's own
//! sources say, and boots machines as local processes. It depends on no other crate of this workspace, so it can
//! witness for or against them: every request is checked against the schema and kept in a journal, with what was
//! wrong about it.
//!
//! [`Fault`]s strike requests, [`BootScript`]s strike boots, and [`Recipe`]s name the usual ones of both.
//!
//! The README lists what it cannot show.

mod boot_script;
mod config;
mod emulator;
mod event;
mod exchange;
mod exit;
mod fault;
mod go_duration;
mod http;
mod ids;
mod journal_file;
mod lease;
mod life;
mod order;
mod pipeline;
mod program;
mod route;
mod routes;
mod schema;
mod shared;
mod state;
mod strictness;
mod token;
mod vm;
mod vm_view;
mod wall;
mod watcher;
mod world;

pub use boot_script::BootScript;
pub use config::{DEFAULT_ORG, DEFAULT_REGION, DESTROY_AGAIN, EmulatorConfig};
pub use emulator::Emulator;
pub use exchange::Exchange;
pub use fault::{Fault, Recipe, UnknownRecipe};
pub use program::Program;
pub use route::Route;
pub use state::State;
pub use strictness::Strictness;
pub use vm_view::VmView;
