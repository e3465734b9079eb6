//! Runners on this host: child processes and in-process copies
